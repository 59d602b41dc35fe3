"""The public's way through the site: look up, read, verify; by mouse and by keyboard, wide and narrow, in both languages."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import delete

from models import RateWindow, db
from registry.services import api_clients
from registry.services.api_clients import Scope
from registry.transaction import transaction
from tests.browser.conftest import LANGUAGES, WIDTHS, Site, assert_accessible, assert_fits
from tests.browser.register import Register

PAGES: dict[str, Callable[[Register], str]] = {
    "home": lambda _: "/",
    "search": lambda _: "/search?q=瑞祥",
    "search that finds nothing": lambda _: "/search?q=91130102MA0000000X",
    "operator": lambda register: f"/operators/{register.listed}",
    "operator with nothing found": lambda register: f"/operators/{register.clear}",
    "special report": lambda register: f"/operators/{register.listed}/special-report",
    "faulty special report": lambda register: f"/operators/{register.listed}/report.pdf?type=special&to=2999-01-01",
    "household": lambda register: f"/operators/{register.household}",
    "penalty": lambda register: f"/records/{register.penalty}",
    "violation listing": lambda register: f"/records/{register.violation_listing}",
    "withdrawn record": lambda register: f"/records/{register.withdrawn}",
    "ended record": lambda register: f"/records/{register.ended}",
    "verify": lambda _: "/verify",
    "unknown report": lambda _: "/verify/20260101000000ABCDEF00",
    "ledger": lambda _: "/ledger",
    "abnormal list": lambda _: "/lists/abnormal",
    "violation list": lambda _: "/lists/violations",
    "statistics": lambda _: "/statistics",
    "announcements": lambda _: "/announcements",
    "announcement": lambda register: f"/announcements/{register.announcement}",
    "guide": lambda _: "/guide",
    "guide for platforms": lambda _: "/guide/platforms",
    "about": lambda _: "/about",
    "no such page": lambda _: "/nowhere",
    "no such operator": lambda _: "/operators/91130102MA0000000X",
    "search for one character": lambda _: "/search?q=石",
    "search with filters": lambda _: "/search?q=石家庄&kind=household",
    "filters that nothing answers to": lambda _: "/search?q=石家庄&kind=cooperative",
    "list that nothing answers to": lambda _: "/lists/violations?q=没有的",
    "licence": lambda register: f"/records/{register.licence}",
    "household mark": lambda register: f"/records/{register.mark}",
    "operator with many records": lambda register: f"/operators/{register.busy}",
    "description of the API": lambda _: "/api/docs",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_is_accessible(page: Page, site: Site, address: Callable[[Register], str], language: str) -> None:
    path = address(site.register)
    page.goto(path + ("&" if "?" in path else "?") + f"lang={language}")
    expect(page.locator("h1")).to_have_count(1)
    assert page.title().split(" · ")[0]
    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-CN")
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_fits_a_phone(
    phone: BrowserContext, site: Site, address: Callable[[Register], str], language: str
) -> None:
    page = phone.new_page()
    path = address(site.register)
    page.goto(path + ("&" if "?" in path else "?") + f"lang={language}")
    assert_fits(page)
    assert_accessible(page)


def tab_to(page: Page, wanted: Locator) -> None:
    """Press the tabulator until the focus is there, and can be seen to be there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            assert wanted.evaluate("wanted => getComputedStyle(wanted).outlineStyle") != "none"
            expect(wanted).to_be_in_viewport()
            return
    raise AssertionError(f"{page.url}: the keyboard does not lead to {wanted}")


def test_a_shopkeeper_gets_from_the_search_to_a_report_by_keyboard_alone(page: Page, site: Site) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    page.keyboard.press("Enter")  # past the links that every page has
    tab_to(page, page.locator("#q"))
    page.keyboard.type("康源食品")
    page.keyboard.press("Enter")
    result = page.get_by_role("link", name="石家庄康源食品销售有限公司")
    expect(result).to_be_visible()
    tab_to(page, result)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("石家庄康源食品销售有限公司")
    expect(page.get_by_text("该主体现被列入严重违法失信名单")).to_be_visible()
    expect(page.locator("svg.timeline")).to_be_visible()
    report = page.get_by_role("link", name="下载信用报告（PDF）")
    tab_to(page, report)
    report.evaluate("link => { link.download = '' }")  # else a headless browser may show it, or may not
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert started.value.suggested_filename.endswith(".pdf")


def test_long_rows_of_records_unfold_by_keyboard(page: Page, site: Site) -> None:
    page.goto(f"/operators/{site.register.busy}")
    expect(page.locator("article.record:visible")).to_have_count(5)
    tab_to(page, page.locator("details.further summary"))
    page.keyboard.press("Enter")
    expect(page.locator("article.record:visible")).to_have_count(14)
    assert_accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_question_for_hasty_readers_and_the_pause_after_it_are_accessible(
    page: Page, strict_site: tuple[str, Flask], width: int, language: str
) -> None:
    url, app = strict_site
    with app.app_context(), transaction():
        db.session.execute(delete(RateWindow))  # the readers of the other tests come from the same address
    page.set_viewport_size({"width": width, "height": 844})
    question, pause = page.locator("#answer"), page.locator("main .btn-primary", has_text=re.compile("^(查询|Search)$"))
    for wanted in (question, pause):
        for _ in range(20):  # the minute may end in between, and with it the count
            page.goto(f"{url}/search?q=瑞祥&lang={language}")
            if page.locator("form[role=search]").count() == 0 and wanted.count() == 1:
                break
        expect(wanted).to_be_visible()
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_receipt_is_pasted_and_told_of(page: Page, site: Site, width: int, language: str) -> None:
    with site.app.app_context(), transaction():
        _, key = api_clients.create(f"platform {width} {language}", [Scope.CHECK], 100)
    asked = f"/api/v1/operators/{site.register.listed}/status?receipt=1"
    receipt = page.request.get(asked, headers={"Authorization": f"Bearer {key}"}).json()["receipt"]
    page.set_viewport_size({"width": width, "height": 844})
    for pasted, verdict in (
        (receipt, ("本平台出具的回执，内容未变化", "still right")),
        ("x", ("不是本平台", "No receipt")),
    ):
        page.goto(f"/verify?lang={language}")
        page.locator("#receipt").fill(pasted)
        page.locator("form:has(#receipt) button").click()
        expect(page.locator("#verdict")).to_contain_text(verdict[LANGUAGES.index(language)])
        assert_accessible(page)
        assert_fits(page)


def test_names_are_offered_while_somebody_types(page: Page, site: Site) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("永昌")
    offered = page.locator("#suggestions a", has_text="正定县永昌农资有限公司")
    expect(offered).to_be_visible()
    assert_accessible(page)
    offered.click()
    expect(page.locator("h1")).to_have_text("正定县永昌农资有限公司")


def test_the_language_is_kept_from_page_to_page(page: Page, site: Site) -> None:
    page.goto("/")
    page.get_by_role("link", name="English").click()
    page.goto(f"/operators/{site.register.listed}")
    expect(page.get_by_role("heading", name="Administrative penalties")).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="行政处罚")).to_be_visible()


def test_everything_can_be_read_without_scripts(
    browser: object, browser_context_args: dict[str, object], site: Site
) -> None:
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto("/")
    page.locator("#q").fill("kangyuan")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="石家庄康源食品销售有限公司").click()
    expect(page.locator("h1")).to_have_text("石家庄康源食品销售有限公司")
    context.close()


def test_a_report_is_asked_for_downloaded_and_dropped_on_the_page_that_verifies(
    page: Page, site: Site, tmp_path: Path
) -> None:
    page.goto(f"/operators/{site.register.listed}")
    link = page.get_by_role("link", name="下载信用报告（PDF）")
    with page.expect_download() as started:
        link.evaluate("link => { link.download = ''; link.click() }")  # else a headless browser may show it, or may not
    report = tmp_path / "report.pdf"
    started.value.save_as(report)
    assert report.read_bytes().startswith(b"%PDF-")
    page.goto("/verify")
    drop(page, "#file", report)
    page.locator("form:has(#file) button").click()
    expect(page.locator("#verdict")).to_have_text("有效")
    expect(page.get_by_text("石家庄康源食品销售有限公司")).to_be_visible()
    assert_accessible(page)
    report.write_bytes(report.read_bytes() + b" ")
    drop(page, "#file", report)
    page.locator("form:has(#file) button").click()
    expect(page.locator("#verdict")).to_have_text("查无此报告")


def drop(page: Page, field: str, file: Path) -> None:
    """Let go of a file over a field, as a mouse does: the browser itself puts it into the field."""
    box = page.locator(field).bounding_box()
    assert box is not None
    over = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **over, "data": data})
    session.detach()
    expect(page.locator(field)).to_have_value(re.compile(re.escape(file.name)))


def test_a_list_names_its_filters_whole_on_a_phone(phone: BrowserContext, site: Site) -> None:
    page = phone.new_page()
    page.goto("/lists/abnormal")
    form, select = (page.locator(part).bounding_box() for part in (".filters", "#filter-authority"))
    assert form
    assert select
    assert select["width"] > 0.85 * form["width"]


def test_one_of_several_answers_is_told_from_a_box_to_tick(page: Page, site: Site) -> None:
    page.goto(f"/objections/{site.register.penalty}")
    expect(page.locator("input[type=radio]").first).to_have_css("border-radius", "50%")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_labels_of_a_timeline_stay_within_the_picture(phone: BrowserContext, site: Site, language: str) -> None:
    page = phone.new_page()
    page.goto(f"/operators/{site.register.listed}?lang={language}")
    beyond = page.evaluate(
        """[...document.querySelectorAll(".timeline .bar-label")].filter(
             label => label.getBoundingClientRect().right > label.closest("svg").getBoundingClientRect().right
           ).map(label => label.textContent)"""
    )
    assert page.locator(".timeline .bar-label").count() > 0
    assert beyond == []
