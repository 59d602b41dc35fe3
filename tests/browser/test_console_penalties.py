"""The way of a penalty through the console: typed with faults, mended, published by another officer, corrected, withdrawn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import Matter, OfficerSession, Operator, db
from registry.clock import today
from registry.rules.roles import Role
from registry.services import api_clients
from registry.services.api_clients import Scope
from registry.transaction import transaction
from tests.browser.conftest import LANGUAGES, Site, assert_accessible, assert_fits
from tests.browser.register import Account
from tests.browser.test_console_accounts import look_at, sign_in
from tests.import_files import write_csv
from tests.import_rows import penalty_row

Picture = Callable[[Page, str], None]
SIZES = ((1280, 900), (390, 844))
NUMBER = "石长市监罚〔2026〕88号"


def look_everywhere(page: Page, name: str, picture: Picture) -> None:
    """The page fits and axe finds nothing, on a desk and on a phone, in both languages; then as it was."""
    before = page.url
    for language in (*LANGUAGES[1:], LANGUAGES[0]):
        page.goto(before + ("&" if "?" in before else "?") + f"lang={language}")
        for width, height in reversed(SIZES):
            page.set_viewport_size({"width": width, "height": height})
            look_at(page)
            picture(page, name)
    page.goto(before)


def look_both_wide_and_narrow(page: Page, name: str, picture: Picture) -> None:
    """As `look_everywhere`, for an answer to a form, which cannot be asked for again."""
    for width, height in reversed(SIZES):
        page.set_viewport_size({"width": width, "height": height})
        assert_fits(page)
        assert_accessible(page)
        picture(page, name)


def pass_both_factors(page: Page, account: Account) -> None:
    """Sign in as a person does: name, password, the code that the phone shows."""
    page.goto("/auth/login?lang=zh")
    page.locator("#name").fill(account.name)
    page.locator("#password").fill(account.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/auth/code*")
    page.locator("#otp").fill(pyotp.TOTP(account.secret).at(datetime.now(UTC)))
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")


def next_code(account: Account) -> str:
    """The code after the one that signing in used up."""
    return pyotp.TOTP(account.secret).at(datetime.now(UTC) + timedelta(seconds=30))


def newest_matter(app: Flask) -> Matter:
    with app.app_context():
        return db.session.execute(select(Matter).order_by(Matter.id.desc()).limit(1)).scalar_one()


def decide(page: Page, action: str, reason: str, code: str | None = None) -> None:
    """Take a step on the matter that is open."""
    page.locator(f"#reason-{action}").fill(reason)
    if code is not None:
        page.locator(f"#otp-{action}").fill(code)
    page.locator(f"form[action$='/{action}'] button").click()


def settled(page: Page) -> None:
    """The new part of the page listens: until then a choice in it is heard by nobody."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def test_two_officers_publish_correct_and_withdraw_a_penalty(
    page: Page, browser: Browser, browser_context_args: dict[str, object], site: Site, picture: Picture
) -> None:
    first, second = site.register.entry, site.register.review
    with site.app.app_context(), transaction():
        listed = db.session.execute(select(Operator).where(Operator.uscc == site.register.listed)).scalar_one()
        name = listed.name
        _, key = api_clients.create("browser", [Scope.CHECK])
    # the first officer: everything wrong at once
    pass_both_factors(page, first)
    page.goto("/console/penalties/new")
    look_everywhere(page, "form", picture)
    page.locator("#fine").fill("两千")
    expect(page.locator("#told-fine")).to_contain_text("不是以万元为单位的金额")
    page.locator("#decided_on").fill("2999-01-01")
    page.get_by_role("button", name="提交审核").click()
    for key_of in ("name", "uscc", "document_no", "facts", "kinds", "decided_on", "told"):
        expect(page.locator(f"#fault-{key_of}")).to_be_visible()
    look_both_wide_and_narrow(page, "faults", picture)
    # mended, with the help of the register
    page.locator("#uscc").press_sequentially(site.register.listed[:12], delay=5)
    page.locator("#uscc").fill(site.register.listed)
    page.locator("#told-uscc .party").click()
    expect(page.locator("#name")).to_have_value(name)
    page.locator("#document_no").fill(NUMBER)
    page.locator("#unlawful_act").fill("虚假宣传")
    page.locator("#facts").fill("当事人虚构交易评价。")
    page.locator("#legal_basis").fill("《中华人民共和国反不正当竞争法》第二十条")
    page.locator("[name=kind][value=fine]").check()
    page.locator("#content").fill("罚款20000元")
    page.locator("#fine").fill("2")
    expect(page.locator("#told-fine")).to_contain_text("20,000 元（2 万元）")
    page.locator("#decided_on").fill(str(today() - timedelta(days=1)))
    page.locator("#told").check()
    page.locator("#category").select_option("自然人")
    expect(page.locator("#id_number")).to_be_visible()
    settled(page)
    page.locator("#category").select_option("法人及非法人组织")
    expect(page.locator("#facts")).to_have_value("当事人虚构交易评价。")
    settled(page)
    page.locator("#uscc").fill("")  # what stands there already would be no change
    page.locator("#uscc").fill(site.register.listed)
    page.locator("#told-uscc .party").click()
    expect(page.locator("#representative")).to_have_value("赵晓明")
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_url("**/console/matters/*")
    matter = newest_matter(site.app)
    look_everywhere(page, "matter-first", picture)
    # their own entry, by a crafted request
    expect(page.locator("form[action$='/publish']")).to_have_count(0)
    token = page.locator("[name=csrf_token]").first.input_value()
    crafted = page.request.post(
        f"/console/matters/{matter.id}/publish",
        form={"csrf_token": token, "revision": str(matter.revision), "reason": "同意"},
    )
    assert crafted.status == 403
    assert page.request.get(f"/records/{matter.record_id}").status == 404
    # the second officer
    context = browser.new_context(**browser_context_args)  # type: ignore[arg-type]
    other = context.new_page()
    pass_both_factors(other, second)
    look_everywhere(other, "inbox", picture)
    other.locator(".inbox tbody tr", has_text=NUMBER).first.get_by_role("link").click()
    expect(other.locator("h1")).to_contain_text(NUMBER)
    with site.app.app_context(), transaction():  # the code of signing in was some minutes ago
        for session in db.session.execute(select(OfficerSession)).scalars():
            session.stepped_up_at = None
    other.reload()
    look_everywhere(other, "matter", picture)
    decide(other, "publish", "同意公示", next_code(second))
    expect(other.locator(".matter-state")).to_contain_text("公示中")
    other.get_by_role("link", name="查看公示页面").click()
    expect(other.locator("main")).to_contain_text("当事人虚构交易评价。")
    status = page.request.get(
        f"/api/v1/operators/{site.register.listed}/status", headers={"Authorization": f"Bearer {key}"}
    )
    assert NUMBER in status.text()
    # a correction with its difference
    page.goto(f"/console/records/{matter.record_id}")
    look_everywhere(page, "record", picture)
    page.locator("form[action$='/correction'] button").click()
    page.locator("#content").fill("罚款25000元")
    page.locator("#fine").fill("2.5")
    page.locator("#reason").fill("金额录入有误")
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_url("**/console/matters/*")
    other.goto(f"/console/matters/{newest_matter(site.app).id}")
    expect(other.locator("ins", has_text="25,000 元")).to_be_visible()
    look_everywhere(other, "difference", picture)
    decide(other, "correct", "同意更正")
    page.goto(f"/records/{matter.record_id}")
    expect(page.locator("main")).to_contain_text("更正")
    expect(page.locator("main")).not_to_contain_text("20,000")
    # a withdrawal with what the public is told
    page.goto(f"/console/records/{matter.record_id}")
    page.locator("#withdrawal-statement").fill("处罚决定被依法撤销。")
    page.locator("form[action$='/withdrawal'] button").click()
    page.wait_for_url("**/console/matters/*")
    other.goto(f"/console/matters/{newest_matter(site.app).id}")
    decide(other, "withdraw", "同意撤下")
    page.goto(f"/records/{matter.record_id}")
    expect(page.locator("main")).to_contain_text("处罚决定被依法撤销。")
    expect(page.locator("main")).not_to_contain_text("虚构交易评价")
    look_everywhere(page, "withdrawn", picture)
    context.close()


def test_a_draft_is_kept_by_keyboard_alone(page: Page, site: Site) -> None:
    sign_in(site, page.context, Role.ENTRY)
    page.goto("/console/penalties/new?lang=zh")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "document_no":
            break
    page.keyboard.type("石长市监罚〔2026〕99号")
    page.keyboard.press("Enter")
    page.wait_for_url("**/form?saved=1")
    expect(page.locator("#document_no")).to_have_value("石长市监罚〔2026〕99号")


def test_a_category_is_applied_without_scripts(
    browser: Browser, browser_context_args: dict[str, object], site: Site
) -> None:
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})  # type: ignore[arg-type]
    sign_in(site, context, Role.ENTRY)
    page = context.new_page()
    page.goto("/console/penalties/new?lang=zh")
    page.locator("#facts").fill("只写了一半")
    page.locator("#category").select_option("自然人")
    page.get_by_role("button", name="应用类别").click()
    expect(page.locator("#id_number")).to_be_visible()
    expect(page.locator("#facts")).to_have_value("只写了一半")
    context.close()


def test_a_pasted_code_loses_its_blanks(page: Page, site: Site) -> None:
    sign_in(site, page.context, Role.ENTRY)
    page.goto("/console/penalties/new?lang=zh")
    page.locator("#uscc").evaluate("field => field.value = ' ９１１３０１ 02ma0 7xkj4 2 '")
    page.locator("#uscc").dispatch_event("paste")
    expect(page.locator("#uscc")).to_have_value("91130102MA07XKJ42")


def test_a_file_comes_back_with_the_reasons_of_its_bad_rows(
    page: Page, site: Site, tmp_path: Path, picture: Picture
) -> None:
    sign_in(site, page.context, Role.ENTRY)
    page.goto("/console/imports?lang=zh")
    rows = [penalty_row(), penalty_row(行政处罚决定书文号="石长市监罚〔2026〕23号", 处罚类别="罚金")]
    page.locator("#file").set_input_files(write_csv(tmp_path / "处罚.csv", rows))
    page.locator("form:has(#file) button").click()
    page.wait_for_url("**/console/imports/*")
    look_everywhere(page, "import", picture)
    page.get_by_role("button", name="开始导入").click()
    with ThreadPoolExecutor(1) as worker:  # Playwright keeps an event loop of its own in this thread
        ran = worker.submit(site.app.test_cli_runner().invoke, args=["worker", "--once"]).result()
    assert ran.exit_code == 0, ran.output
    page.reload()
    look_everywhere(page, "imported", picture)
    with page.expect_download() as started:
        page.locator("a[href*='/rejected']").first.click()
    assert "罚金" in Path(started.value.path()).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "address", ["/console/inbox", "/console/penalties", "/console/licences", "/console/licences/new"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_the_console_is_accessible(
    page: Page, site: Site, address: str, language: str, picture: Picture
) -> None:
    sign_in(site, page.context, Role.ENTRY)
    page.goto(f"{address}?lang={language}")
    look_both_wide_and_narrow(page, address.strip("/").replace("/", "-"), picture)
