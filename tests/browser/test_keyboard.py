"""Two officers publish a penalty without a mouse: whatever they need is reached, seen to be reached, and answers to keys."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from models import Authority, OfficerSession, Operator, db
from registry.clock import today
from registry.rules.roles import Role
from registry.services.personal_values import Vault
from registry.transaction import transaction
from tests.browser.conftest import Site
from tests.browser.register import Account, account
from tests.browser.test_console_penalties import settled

NUMBER = "石长市监罚〔2026〕120号"
MOST_KEYS = 120
_numbers = count(1)


def make_officer(site: Site, role: Role) -> Account:
    """An officer of the district whose codes no other test has used up."""
    settings = site.app.extensions["registry_settings"]
    with site.app.app_context(), transaction():
        authority = db.session.execute(select(Authority).order_by(Authority.id).limit(1)).scalar_one()
        return account(f"jianpan{next(_numbers)}", [role], authority, Vault.of(settings))


def assert_focus_is_seen(wanted: Locator) -> None:
    """An outline is drawn around it, and nothing of the page, such as a head that stays, lies over it."""
    assert wanted.evaluate("wanted => getComputedStyle(wanted).outlineStyle") != "none"
    assert wanted.evaluate("wanted => parseFloat(getComputedStyle(wanted).outlineWidth)") >= 2
    expect(wanted).to_be_in_viewport()
    assert wanted.evaluate(
        """wanted => {
            const box = wanted.getBoundingClientRect();
            const within = (from, size, end) => Math.min(Math.max(from + Math.min(size / 2, 20), 1), end - 1);
            const top = document.elementFromPoint(
                within(box.left, box.width, innerWidth), within(box.top, box.height, innerHeight)
            );
            return wanted === top || wanted.contains(top) || top.contains(wanted);
        }"""
    ), f"something lies over {wanted}"


def walk_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until the focus is there."""
    expect(wanted).to_be_visible()
    for _ in range(MOST_KEYS):
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            assert_focus_is_seen(wanted)
            return
        page.keyboard.press(key)
    raise AssertionError(f"{page.url}: {key} does not lead to {wanted}")


def type_into(page: Page, field: str, text: str) -> None:
    walk_to(page, page.locator(field))
    page.keyboard.type(text)


def pass_both_factors_by_keyboard(page: Page, officer: Account) -> None:
    page.goto("/auth/login?lang=zh")
    type_into(page, "#name", officer.name)
    type_into(page, "#password", officer.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/auth/code*")
    type_into(page, "#otp", pyotp.TOTP(officer.secret).at(datetime.now(UTC)))
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")


def follow(page: Page, link: Locator) -> None:
    walk_to(page, link)
    page.keyboard.press("Enter")


@pytest.fixture
def second(browser: Browser, browser_context_args: dict[str, object]):
    """The browser of the second officer."""
    context = browser.new_context(**browser_context_args)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_two_officers_publish_a_penalty_by_keyboard_alone(page: Page, second: Page, site: Site) -> None:
    first_officer, second_officer = make_officer(site, Role.ENTRY), make_officer(site, Role.REVIEW)
    with site.app.app_context():
        name = db.session.execute(select(Operator.name).where(Operator.uscc == site.register.listed)).scalar_one()
    pass_both_factors_by_keyboard(page, first_officer)
    follow(page, page.get_by_role("navigation", name="监管工作台").get_by_role("link", name="行政处罚"))
    follow(page, page.get_by_role("link", name="新录入"))
    page.wait_for_url("**/penalties/new*")
    # nothing filled in: the summary leads to each field
    follow(page, page.get_by_role("button", name="提交审核"))
    follow(page, page.locator("[role=alert] a[href='#document_no']"))
    expect(page.locator("#document_no")).to_be_focused()
    page.keyboard.type(NUMBER)
    # back to the top of the form: the category is chosen by arrows, and the focus stays where it was
    category = page.locator("#category")
    walk_to(page, category, "Shift+Tab")
    for key, chosen, shown in (
        ("ArrowDown", "个体工商户", "#uscc"),
        ("ArrowDown", "自然人", "#id_number"),
        ("ArrowUp", "个体工商户", "#uscc"),
        ("ArrowUp", "法人及非法人组织", "#representative"),
    ):
        page.keyboard.press(key)
        expect(page.locator(shown)).to_be_visible()
        settled(page)
        expect(category).to_have_value(chosen)
        expect(category).to_be_focused()
    # the register fills in the party
    type_into(page, "#uscc", site.register.listed)
    follow(page, page.locator("#told-uscc .party"))
    expect(page.locator("#name")).to_have_value(name)
    type_into(page, "#unlawful_act", "虚假宣传")
    type_into(page, "#facts", "当事人以键盘录入的事实。")
    type_into(page, "#legal_basis", "《中华人民共和国反不正当竞争法》第二十条")
    fine = page.locator("[name=kind][value=fine]")
    walk_to(page, fine)
    page.keyboard.press("Space")
    expect(fine).to_be_checked()
    type_into(page, "#content", "罚款20000元")
    type_into(page, "#fine", "2")
    expect(page.locator("#told-fine")).to_contain_text("20,000 元")
    type_into(page, "#decided_on", str(today() - timedelta(days=1)))
    told = page.locator("#told")
    walk_to(page, told)
    page.keyboard.press("Space")
    expect(told).to_be_checked()
    walk_to(page, page.locator("#fine"), "Shift+Tab")
    follow(page, page.get_by_role("button", name="提交审核"))
    page.wait_for_url("**/console/matters/*")
    # the second officer, from the inbox
    pass_both_factors_by_keyboard(second, second_officer)
    with site.app.app_context(), transaction():  # the code of signing in was some minutes ago
        for session in db.session.execute(select(OfficerSession)).scalars():
            session.stepped_up_at = None
    follow(second, second.get_by_role("navigation", name="监管工作台").get_by_role("link", name="待办事项"))
    second.wait_for_url("**/console/inbox")
    follow(second, second.locator("table").get_by_role("link", name=NUMBER))
    second.wait_for_url("**/console/matters/*")
    type_into(second, "#reason-publish", "同意公示")
    type_into(second, "#otp-publish", pyotp.TOTP(second_officer.secret).at(datetime.now(UTC) + timedelta(seconds=30)))
    follow(second, second.locator("form[action$='/publish'] button"))
    expect(second.locator(".matter-state")).to_contain_text("公示中")
    follow(second, second.get_by_role("link", name="查看公示页面"))
    second.wait_for_url("**/records/*")
    expect(second.locator("main")).to_contain_text("当事人以键盘录入的事实。")
