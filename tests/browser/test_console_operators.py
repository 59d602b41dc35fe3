"""The operator's page of the console in a real browser: found, read, changed; two officers at once."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import Authority, Operator, db
from registry.clock import today
from registry.rules.record import RecordState
from registry.rules.roles import Role
from registry.transaction import transaction
from tests.browser.conftest import LANGUAGES, Site
from tests.browser.test_console_accounts import sign_in
from tests.browser.test_console_penalties import Picture, look_both_wide_and_narrow, look_everywhere
from tests.factories import make_operator, make_penalty


@pytest.fixture
def operator(site: Site) -> tuple[int, str]:
    """Key and code of an operator of the district with a public and an internal record; tests may change it."""
    with site.app.app_context(), transaction():
        authority = db.session.execute(select(Authority).order_by(Authority.id).limit(1)).scalar_one()
        one = make_operator(name="石家庄恒昌电子商务有限公司", established_on=today() - timedelta(days=900))
        make_penalty(one, authority, decided_on=today() - timedelta(days=9), public_until=today() + timedelta(days=300))
        make_penalty(one, authority, decided_on=today() - timedelta(days=2), state=RecordState.PENDING)
        assert one.uscc is not None
        return one.id, one.uscc


def name_of(app: Flask, operator_id: int) -> str:
    with app.app_context():
        return db.session.execute(select(Operator.name).where(Operator.id == operator_id)).scalar_one()


def test_an_operator_is_found_read_and_changed(
    page: Page, site: Site, operator: tuple[int, str], picture: Picture
) -> None:
    number, code = operator
    sign_in(site, page.context, Role.ENTRY)
    page.goto("/console/operators")
    look_everywhere(page, "operators", picture)
    page.locator("#q").fill(code)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="石家庄恒昌电子商务有限公司").click()
    page.wait_for_url(f"**/console/operators/{number}")
    expect(page.locator("article.filed-public")).to_have_count(1)
    expect(page.locator("article.filed-internal")).to_contain_text("内部")
    look_everywhere(page, "operator", picture)
    # everything wrong at once
    page.get_by_text("增加网络经营信息", exact=True).click()
    form = page.locator("form[action$='/presences']")
    form.evaluate("form => form.noValidate = true")
    form.locator("[name=url]").fill("ftp://shop")
    form.get_by_role("button").click()
    for field in ("type", "url", "reason"):
        expect(page.locator(f"#fault-presence-{field}")).to_be_visible()
    look_both_wide_and_narrow(page, "operator-faults", picture)
    # mended
    form.locator("[name=type]").select_option("shop")
    form.locator("[name=name]").fill("恒昌旗舰店")
    form.locator("[name=url]").fill("https://shop.example/hengchang")
    form.locator("[name=reason]").fill("平台报送")
    form.get_by_role("button").click()
    expect(page.locator(".presences")).to_contain_text("恒昌旗舰店")
    page.get_by_text("变更名称", exact=True).first.click()
    page.locator("#name-name").fill("石家庄恒昌网络科技有限公司")
    page.locator("#name-on").fill(str(today()))
    page.locator("#name-reason").fill("变更登记通知书")
    page.locator("form[action$='/name'] button").click()
    expect(page.locator("h1")).to_have_text("石家庄恒昌网络科技有限公司")
    expect(page.locator("aside")).to_contain_text("名称变更")
    look_everywhere(page, "operator-changed", picture)
    page.get_by_role("link", name="查看公示页面").click()
    expect(page.locator("main")).to_contain_text("石家庄恒昌电子商务有限公司")
    expect(page.locator("main")).to_contain_text("恒昌旗舰店")


def test_of_two_officers_the_second_is_told(
    page: Page,
    browser: Browser,
    browser_context_args: dict[str, object],
    site: Site,
    operator: tuple[int, str],
    picture: Picture,
) -> None:
    number, _ = operator
    context = browser.new_context(**browser_context_args)  # type: ignore[arg-type]
    other = context.new_page()
    for each, name in ((page, "石家庄甲名有限公司"), (other, "石家庄乙名有限公司")):
        sign_in(site, each.context, Role.ENTRY)
        each.goto(f"/console/operators/{number}?lang=zh")
        each.get_by_text("变更名称", exact=True).first.click()
        each.locator("#name-name").fill(name)
        each.locator("#name-on").fill(str(today()))
        each.locator("#name-reason").fill("变更登记通知书")
    for each in (page, other):
        each.locator("form[action$='/name'] button").click()
    expect(other.get_by_role("alert")).to_be_visible()
    expect(other.locator(".stepper")).to_contain_text("名称变更")
    look_both_wide_and_narrow(other, "operator-moved", picture)
    assert name_of(site.app, number) == "石家庄甲名有限公司"
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("concern", ["doubtful_code", "flagged_row", "no_region"])
def test_the_quality_list_is_accessible(page: Page, site: Site, concern: str, language: str, picture: Picture) -> None:
    sign_in(site, page.context, Role.REVIEW)
    page.goto(f"/console/quality?concern={concern}&lang={language}")
    look_both_wide_and_narrow(page, f"quality-{concern}", picture)
