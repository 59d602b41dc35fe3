"""The whole way of a repair in a browser: found, applied for with proof, accepted, verified, granted, gone from every page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import Authority, Proceeding, db
from registry.clock import today
from registry.rules.roles import Role
from registry.transaction import transaction
from tests.applications import PDF
from tests.browser.conftest import Site
from tests.browser.test_console_accounts import sign_in
from tests.browser.test_console_penalties import decide, look_both_wide_and_narrow, look_everywhere
from tests.factories import make_abnormal_listing, make_operator

Picture = Callable[[Page, str], None]
FILE = {"name": "年度报告.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture
def listed(site: Site) -> tuple[str, str]:
    """An operator that stands on the abnormal list: its code, and the record."""
    with site.app.app_context(), transaction():
        authority = db.session.execute(
            select(Authority).where(Authority.name == "石家庄市长安区市场监督管理局").order_by(Authority.id).limit(1)
        ).scalar_one()
        operator = make_operator(name="石家庄诚修日用品有限公司")
        day = today() - timedelta(days=20)
        record = make_abnormal_listing(operator, authority, listed_on=day, decided_on=day)
        return str(operator.uscc), record.record_id


def officer(browser: Browser, site: Site, arguments: dict[str, object], role: Role) -> Page:
    page = browser.new_context(**arguments).new_page()  # type: ignore[arg-type]
    sign_in(site, page.context, role)
    return page


def test_a_repair_from_the_search_to_the_progress_page(
    page: Page,
    browser: Browser,
    browser_context_args: dict[str, object],
    site: Site,
    listed: tuple[str, str],
    picture: Picture,
) -> None:
    code, record = listed
    # find the record and read what is needed
    page.goto("/repairs")
    look_everywhere(page, "repairs", picture)
    page.locator("#q").fill(code)
    page.locator("form.search-form button").click()
    look_everywhere(page, "repairs-found", picture)
    page.locator(f"a[href$='/repairs/{record}']").click()
    look_everywhere(page, "repair", picture)
    # an empty form is told everything at once
    page.locator("button[type=submit]").last.click()
    for field in ("applicant", "contact", "statement", "proof", "commitment"):
        expect(page.locator(f"#fault-{field}")).to_be_visible()
    look_both_wide_and_narrow(page, "repair-faults", picture)
    # a file that is none, then the right one
    page.locator("#applicant").fill("赵晓明")
    page.locator("#contact").fill("13800002222")
    page.locator("#statement").fill("已补报并公示2025年度报告。")
    page.locator("#commitment").check()
    page.locator("#proof").set_input_files({**FILE, "buffer": b"<script>alert(1)</script>"})
    page.locator("button[type=submit]").last.click()
    expect(page.locator("#fault-proof")).to_be_visible()
    expect(page.locator("#applicant")).to_have_value("赵晓明")
    page.locator("#proof").set_input_files(FILE)
    page.locator("button[type=submit]").last.click()
    expect(page.locator(".query-code")).to_be_visible()
    look_both_wide_and_narrow(page, "handed-in", picture)
    page.locator("form[action$='/applications'] button").click()
    look_everywhere(page, "progress", picture)
    # the officer reads the papers, accepts, verifies
    with site.app.app_context():
        number = db.session.execute(select(Proceeding.id).where(Proceeding.about == record)).scalar_one()
    case = f"/console/proceedings/{number}"
    first = officer(browser, site, browser_context_args, Role.REPAIR)
    first.goto("/console/inbox")
    expect(first.locator("main")).to_contain_text("石家庄诚修日用品有限公司")
    first.goto(f"{case}/application")
    expect(first.locator("main")).to_contain_text("13800002222")
    look_everywhere(first, "application", picture)
    with first.expect_download() as file:
        first.locator("a[href*='/evidence/']").click()
    assert file.value.path().read_bytes() == PDF
    first.goto(case)
    first.locator("#accept-materials_complete").check()
    decide(first, "accept", "材料齐全")
    first.locator("#verify-verified_on").fill(str(today()))
    first.locator("#verify-duties_performed").check()
    decide(first, "verify", "已核对公示系统")
    look_everywhere(first, "repair-verified", picture)
    # the second officer grants, and no page shows the record any more
    assert code in page.request.get("/lists/abnormal.csv").text()
    second = officer(browser, site, browser_context_args, Role.REVIEW)
    second.goto(case)
    decide(second, "grant", "符合条件")
    expect(second.locator("a[href*='/console/documents/']").last).to_be_visible()
    look_everywhere(second, "repair-granted", picture)
    assert page.request.get(f"/records/{record}").status == 410
    for address in ("/lists/abnormal", "/lists/abnormal.csv", "/lists/abnormal.atom", "/announcements"):
        assert code not in page.request.get(address).text()
    for address in (f"/operators/{code}", f"/repairs?q={code}", f"/search?q={code}"):
        assert record not in page.request.get(address).text()
    # the applicant reads it, and has the decision as a file
    page.goto("/applications?lang=en")
    expect(page.locator("#stands")).to_contain_text("Granted")
    look_everywhere(page, "progress-granted", picture)
    decision = page.locator("a[href*='/applications/documents/']").last.get_attribute("href")
    assert page.request.get(str(decision)).body().startswith(b"%PDF-")
    page.locator("form[action$='/close'] button").click()
    expect(page.locator("#code")).to_be_visible()
    assert page.request.get(str(decision)).status == 404


def test_objection_and_clue_pages(page: Page, site: Site, picture: Picture) -> None:
    page.goto(f"/objections?q={site.register.listed}")
    look_everywhere(page, "objections", picture)
    page.goto(f"/objections/{site.register.penalty}")
    look_everywhere(page, "objection", picture)
    page.locator("button[type=submit]").last.click()
    for field in ("kind", "standing", "applicant", "contact", "statement"):
        expect(page.locator(f"#fault-{field}")).to_be_visible()
    look_both_wide_and_narrow(page, "objection-faults", picture)
    page.goto(f"/clues?q={site.register.clear}")
    look_everywhere(page, "clues", picture)
    page.goto(f"/clues/{site.register.clear}")
    look_everywhere(page, "clue", picture)
    page.locator("#statement").fill("登记的住所已无人经营。")
    page.locator("#proof").set_input_files(FILE)
    page.locator("button[type=submit]").last.click()
    expect(page.locator(".query-code")).to_be_visible()
    look_both_wide_and_narrow(page, "clue-handed-in", picture)
    page.goto("/applications")
    look_everywhere(page, "follow", picture)
