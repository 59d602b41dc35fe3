"""Everything that anybody outside can read, output by output: where a record may show, and what was looked at.

A new page or API address is one line here: a reader in READERS, or its reason in NO_RECORDS.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from registry.rules.law_fields import FIELDS
from tests.unit.reports.samples import text_of

_ANNOUNCEMENT = re.compile(r"/announcements/\d+")
_RECEIPT = re.compile(r'"receipt":"([^"]+)"')
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_BUREAU = re.compile(r'<p class="note">.*?</p>', re.DOTALL)
_FIELDS = ",".join(each.code for each in FIELDS)


@dataclass(slots=True)
class Reader:
    """Somebody outside: a browser, or a platform with its key."""

    app: Flask
    key: str
    request_no: str
    kept_report: bytes | None = field(default=None, repr=False)

    def get(self, path: str, **query: str) -> str:
        """The text of a page or answer, of a PDF the words; empty for an operator that has no page."""
        return self._text(self.app.test_client().get(path, query_string=query))

    def ask(self, path: str, **query: str) -> str:
        """The same under `/api/v1` with the key."""
        return self._text(self.app.test_client().get(f"/api/v1{path}", query_string=query, headers=self._authorized))

    def post(self, path: str, **request: Any) -> str:
        """The text of what a form or a question is answered."""
        headers = self._authorized if path.startswith("/api/") else {}
        answer = self.app.test_client().post(path, headers=headers, **request)
        return self._text(answer)

    def send_nothing(self, path: str) -> str:
        """The text of what an empty form of a page is answered; empty where the page has none."""
        browser = self.app.test_client()
        token = _CSRF.search(browser.get(path).text)
        return self._text(browser.post(path, data={"csrf_token": token[1]})) if token else ""

    @property
    def _authorized(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def _text(self, answer: TestResponse) -> str:
        assert answer.status_code in {200, 303, 404, 410, 422}, (answer.request.path, answer.status)
        if answer.content_type == "application/pdf":
            self.kept_report = answer.data
            return text_of(answer.data)
        return answer.text


@dataclass(frozen=True, slots=True)
class Sought:
    """What the readers look for: an operator, and the names and numbers of records, public or not."""

    code: str
    name: str
    record_ids: tuple[str, ...]
    words: tuple[str, ...]


Read = Callable[[Reader, Sought], Iterator[str]]


def _operator(reader: Reader, sought: Sought) -> Iterator[str]:
    yield reader.get(f"/operators/{sought.code}")
    yield reader.get(f"/operators/{sought.code}", lang="en")


def _record(reader: Reader, sought: Sought) -> Iterator[str]:
    """A record's own page may repeat the name that it was asked for by."""
    for record_id in sought.record_ids:
        yield reader.get(f"/records/{record_id}").replace(record_id, "")


def _search(reader: Reader, sought: Sought) -> Iterator[str]:
    """The page repeats what was typed, which is therefore taken out."""
    yield reader.get("/search", q=sought.name)
    yield reader.get("/search", q=sought.code)
    for word in sought.words:
        yield reader.get("/search", q=word).replace(word, "")


def _suggestions(reader: Reader, sought: Sought) -> Iterator[str]:
    for typed in (sought.name, *sought.words):
        yield reader.get("/suggestions", q=typed)


def _list_pages(reader: Reader, sought: Sought) -> Iterator[str]:
    for name in ("abnormal", "violations"):
        yield reader.get(f"/lists/{name}")
        yield reader.get(f"/lists/{name}", q=sought.name)


def _list_files(reader: Reader, sought: Sought) -> Iterator[str]:
    del sought
    for name in ("abnormal", "violations"):
        yield reader.get(f"/lists/{name}.csv")


def _list_feeds(reader: Reader, sought: Sought) -> Iterator[str]:
    for name in ("abnormal", "violations"):
        yield reader.get(f"/lists/{name}.atom")
        yield reader.get(f"/lists/{name}.atom", q=sought.name)


def _statistics(reader: Reader, sought: Sought) -> Iterator[str]:
    del sought
    yield reader.get("/statistics")


def _statistics_files(reader: Reader, sought: Sought) -> Iterator[str]:
    del sought
    for name in ("abnormal", "violations"):
        for table in ("months", "reasons", "districts"):
            yield reader.get(f"/statistics/{name}-{table}.csv")


def _report(reader: Reader, sought: Sought) -> Iterator[str]:
    yield reader.get(f"/operators/{sought.code}/report.pdf")
    yield reader.get(
        f"/operators/{sought.code}/report.pdf",
        type="special",
        fields=_FIELDS,
        **{"from": "2020-01-01", "to": "2026-11-24"},
    )


def _report_for_platforms(reader: Reader, sought: Sought) -> Iterator[str]:
    yield reader.ask(f"/operators/{sought.code}/report.pdf")


def _special_form(reader: Reader, sought: Sought) -> Iterator[str]:
    yield reader.get(f"/operators/{sought.code}/special-report")


def _verify_file(reader: Reader, sought: Sought) -> Iterator[str]:
    """The file that was issued last; READERS asks for it behind the reports."""
    del sought
    file = reader.kept_report or b"none of ours"
    yield reader.post("/verify", data={"file": (BytesIO(file), "report.pdf")})


def _verify_number(reader: Reader, sought: Sought) -> Iterator[str]:
    for word in sought.words:
        yield reader.get(f"/verify/{word}").replace(word, "")


def _verify_receipt(reader: Reader, sought: Sought) -> Iterator[str]:
    """What a status lookup is receipted with; a 422 has none."""
    found = _RECEIPT.search(reader.ask(f"/operators/{sought.code}/status", receipt="1"))
    yield reader.post("/verify/receipt", data={"receipt": found[1] if found else "none of ours"})


def _status(reader: Reader, sought: Sought) -> Iterator[str]:
    yield reader.ask(f"/operators/{sought.code}/status")
    yield reader.ask(f"/operators/{sought.code}/status", purpose="behind the quick way")
    yield reader.ask(f"/operators/{sought.code}/status", receipt="1")
    yield reader.ask(f"/operators/{sought.code}/status", as_of="2026-08-03")


def _checks(reader: Reader, sought: Sought) -> Iterator[str]:
    items = [{"uscc": sought.code}, {"uscc": sought.code, "name": sought.name}, {"name": sought.name}]
    body = {"request_no": reader.request_no, "purpose": "onboarding", "items": items}
    yield reader.post("/api/v1/checks", json=body)


def _search_for_platforms(reader: Reader, sought: Sought) -> Iterator[str]:
    for typed in (sought.name, sought.code, *sought.words):
        yield reader.ask("/search", q=typed)


def _home(reader: Reader, sought: Sought) -> Iterator[str]:
    del sought
    yield reader.get("/")


def _announcements(reader: Reader, sought: Sought) -> Iterator[str]:
    del sought
    yield reader.get("/announcements")


def _announcement(reader: Reader, sought: Sought) -> Iterator[str]:
    """Every announcement that the pages lead to; an address of one that is hidden is tried elsewhere."""
    del sought
    for address in sorted(set(_ANNOUNCEMENT.findall(reader.get("/announcements")))):
        yield reader.get(address)


def _announcement_feed(reader: Reader, sought: Sought) -> Iterator[str]:
    del sought
    yield reader.get("/announcements.atom")


def _find_repair(reader: Reader, sought: Sought) -> Iterator[str]:
    """The pages repeat what was typed, which is therefore taken out."""
    for page in ("/repairs", "/objections"):
        yield reader.get(page, q=sought.code)
        for word in sought.words:
            yield reader.get(page, q=word).replace(word, "")


def _apply(reader: Reader, sought: Sought) -> Iterator[str]:
    """A form names the record that it was asked for by."""
    for record_id in sought.record_ids:
        yield reader.get(f"/repairs/{record_id}").replace(record_id, "")
        yield reader.get(f"/objections/{record_id}").replace(record_id, "")


def _send_nothing(reader: Reader, sought: Sought) -> Iterator[str]:
    """An empty form is refused with the same page."""
    for record_id in sought.record_ids:
        for page in ("repairs", "objections"):
            yield reader.send_nothing(f"/{page}/{record_id}").replace(record_id, "")


def _find_operator(reader: Reader, sought: Sought) -> Iterator[str]:
    yield reader.get("/clues", q=sought.code)
    for word in sought.words:
        yield reader.get("/clues", q=word).replace(word, "")


def _clue(reader: Reader, sought: Sought) -> Iterator[str]:
    """The note names the bureau of the place, whatever it decided on; it is taken out."""
    for page in (reader.get(f"/clues/{sought.code}"), reader.send_nothing(f"/clues/{sought.code}")):
        yield _BUREAU.sub("", page)


READERS: dict[str, Read] = {
    "applications.find_repair": _find_repair,
    "applications.find_objection": _find_repair,
    "applications.show_repair": _apply,
    "applications.show_objection": _apply,
    "applications.apply_for_repair": _send_nothing,
    "applications.object_to": _send_nothing,
    "clues.find_operator": _find_operator,
    "clues.show_clue": _clue,
    "clues.report": _clue,
    "public.home": _home,
    "public.search_page": _search,
    "public.suggestions": _suggestions,
    "public.show_operator": _operator,
    "records.show_record": _record,
    "lists.show_list": _list_pages,
    "lists.export_list": _list_files,
    "lists.feed_list": _list_feeds,
    "announcements.show_announcements": _announcements,
    "announcements.show_announcement": _announcement,
    "announcements.feed_announcements": _announcement_feed,
    "statistics.show_statistics": _statistics,
    "statistics.export_statistics": _statistics_files,
    "reports.special_report": _special_form,
    "reports.show_report": _report,
    "credit_report.show_report": _report_for_platforms,
    "verify.verify_file": _verify_file,
    "verify.verify_number": _verify_number,
    "verify.verify_receipt": _verify_receipt,
    "merchant_status.show_status": _status,
    "merchant_checks.check": _checks,
    "operator_search.search_operators": _search_for_platforms,
}
"""Endpoint and what is read of it."""

NO_RECORDS = {
    "anonymous.answer_challenge": "leads on to the page that was asked for",
    "anonymous.show_picture": "a sum to solve",
    "api_docs.show_docs": "describes the API",
    "api_docs.show_openapi": "describes the API",
    "auth.check_password": "signing in",
    "auth.login": "signing in",
    "guides.about": "a text",
    "guides.guide": "a text",
    "guides.guide_for_platforms": "a text",
    "health.healthz": "whether the program is up",
    "health.readyz": "whether the database is at the newest migration",
    "ledger_api.show_consistency": "hashes",
    "ledger_api.show_head": "hashes",
    "ledger_api.show_inclusion": "a record's id and salted digests, for whoever knows its number in the ledger",
    "ledger_api.show_keys": "public keys",
    "ledger_page.show_ledger": "hashes",
    "progress.ask_again": "leads on to the page of the case",
    "progress.close": "forgets the code",
    "progress.follow": "a form; what it leads to is for who has the query code",
    "progress.show": "for who has the query code",
    "progress.show_document": "for who has the query code",
    "progress.supplement": "for who has the query code",
    "verify.verify": "a form",
}
"""Endpoint and why no record can show there."""
