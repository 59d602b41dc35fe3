"""What holds of every page: language, headings, nothing inline, nothing from elsewhere."""

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import time_machine
from flask.testing import FlaskClient

from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty, make_uscc, make_violation_listing

CODE = make_uscc(serial=777777)


class Elements(HTMLParser):
    """All start tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(autouse=True)
def operator(client: FlaskClient) -> Iterator[None]:
    """An operator with something of everything."""
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        with transaction():
            made = make_operator(code=CODE)
            authority = make_authority()
            make_violation_listing(made, authority)
            make_penalty(made, authority)
        yield


PAGES = [
    "/",
    "/search",
    "/search?q=瑞祥",
    "/search?q=没有的",
    f"/operators/{CODE}",
    "/verify",
    "/verify/1",
    "/ledger",
    "/lists/abnormal",
    "/lists/violations",
    "/statistics",
    "/guide",
    "/guide/platforms",
    "/about",
    "/no",
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_well_made(client: FlaskClient, address: str, language: str) -> None:
    shown = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}").text
    elements = Elements(shown).found
    tags = [tag for tag, _ in elements]
    in_head = tags[: tags.index("body")]  # a drawing has titles of its own
    assert tags.count("h1") == tags.count("main") == in_head.count("title") == 1
    assert {"header", "nav", "footer"} <= set(tags)
    assert elements[0] == ("html", {"lang": "en" if language == "en" else "zh-CN"})
    assert any(attributes.get("href") == "#main" for _, attributes in elements)
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {attributes.get("for") for tag, attributes in elements if tag == "label"}
    shown = [attributes for tag, attributes in elements if tag == "input" and attributes.get("type") != "hidden"]
    assert {attributes.get("id") for attributes in shown} <= labelled


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: FlaskClient, address: str) -> None:
    for tag, attributes in Elements(client.get(address).text).found:
        assert tag != "style"
        assert tag != "script" or attributes.get("src")
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        for name in ("src", "href", "action", "hx-get"):
            assert not re.match(r"(https?:)?//", attributes.get(name) or "")


@pytest.mark.parametrize("address", ["/", f"/operators/{CODE}", "/verify", "/ledger"])
def test_english_pages_hold_no_chinese_words_of_ours(client: FlaskClient, address: str) -> None:
    chinese = client.get(address).text
    english = client.get(address + "?lang=en").text
    labels = set(re.findall(r"<(?:h1|h2|dt|label|th)[^>]*>\s*([^<]*[\u4e00-\u9fff][^<]*)<", chinese))
    assert labels
    assert not {label for label in labels if f">{label}<" in english} - {"石家庄瑞祥商贸有限公司"}


def test_the_language_is_kept_in_a_cookie(client: FlaskClient) -> None:
    client.get("/?lang=en")
    assert "Look up an operator" in client.get("/").text
    client.get("/?lang=zh")
    assert "经营主体信用查询" in client.get("/").text


def test_the_switch_stays_on_this_site_and_keeps_the_query(client: FlaskClient) -> None:
    hrefs = [a.get("href") or "" for _, a in Elements(client.get("/search?q=%E7%91%9E%E7%A5%A5").text).found]
    assert "/search?q=%E7%91%9E%E7%A5%A5&lang=en" in hrefs
    hrefs = [a.get("href") or "" for _, a in Elements(client.get("//evil.example/?q=1").text).found if "hreflang" in a]
    assert all(not href.startswith("//") for href in hrefs)


def test_an_unknown_language_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/?lang=de").headers


def test_no_cache_keeps_a_page_past_midnight(client: FlaskClient) -> None:
    answer = client.get(f"/operators/{CODE}")
    assert answer.cache_control.no_cache
    assert "Cookie" in answer.vary


def test_the_first_page_is_light(client: FlaskClient) -> None:
    shown = client.get("/")
    parts = [
        address
        for tag, attributes in Elements(shown.text).found
        if tag in {"script", "link", "img"}
        and (address := attributes.get("src") or attributes.get("href"))
        and address.startswith("/static/")
    ]
    assert parts
    weight = len(gzip.compress(shown.data))
    for address in sorted(set(parts)):
        with client.get(address) as answer:
            assert answer.status_code == 200
            weight += len(gzip.compress(answer.data))
    assert weight < 150_000
