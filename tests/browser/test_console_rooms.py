"""Every room of the console, and the description of the API, on desk and phone, in both languages."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import Announcement, Authority, Operator, db
from registry.clock import now
from registry.ledger import Actor
from registry.rules.announcements import AnnouncementKind
from registry.rules.roles import Role
from registry.services import announcements, officers
from registry.services.announcements import Wording
from registry.transaction import transaction
from tests.browser.conftest import LANGUAGES, Site, assert_accessible, assert_fits
from tests.browser.test_console_accounts import sign_in, sized  # noqa: F401 - a fixture, found by its name

ROOMS = {
    "/console/announcements": Role.PUBLISH,
    "/console/announcements/{draft}": Role.PUBLISH,
    "/console/announcements/{announcement}": Role.REVIEW,
    "/console/imports": Role.ENTRY,
    "/console/quality": Role.REVIEW,
    "/console/operators?q={listed}": Role.PUBLISH,
    "/console/operators/{operator}": Role.ENTRY,
    "/console/penalties?from=gestern": Role.ENTRY,
    "/console/records/{penalty}": Role.ENTRY,
    "/console/inbox": Role.REVIEW,
    "/console/accounts/{officer}": Role.SECURITY_ADMIN,
    "/console/audit?since=gestern": Role.AUDIT_ADMIN,
    "/console/system": Role.SYSTEM_ADMIN,
    "/api/docs": None,
}


@pytest.fixture(scope="module")
def named(site: Site) -> dict[str, object]:
    """What the addresses name."""
    with site.app.app_context(), transaction():
        authority = db.session.execute(select(Authority).order_by(Authority.id).limit(1)).scalar_one()
        draft = db.session.execute(select(Announcement).where(Announcement.title == "停机通知")).scalar_one_or_none()
        if draft is None:
            draft = announcements.draft(
                Wording(AnnouncementKind.OTHER, "停机通知", "周六维护。"),
                authority=authority,
                actor=Actor("officer", "nigao"),
            )
        officer, _ = officers.create(
            f"zhou{now():%f}", roles=[Role.ENTRY], authority=authority, by="system:test", reason="test"
        )
        operator = db.session.execute(select(Operator.id).where(Operator.uscc == site.register.listed)).scalar_one()
        return {
            "draft": draft.id,
            "announcement": site.register.announcement,
            "listed": site.register.listed,
            "operator": operator,
            "penalty": site.register.penalty,
            "officer": officer.name,
        }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ROOMS)
def test_a_room_is_accessible(
    sized: Page,  # noqa: F811 - the fixture
    site: Site,
    named: dict[str, object],
    address: str,
    language: str,
) -> None:
    page, role = sized, ROOMS[address]
    if role is not None:
        sign_in(site, page.context, role)
    page.goto(f"{address.format(**named)}{'&' if '?' in address else '?'}lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-CN")
    expect(page.locator("h1")).to_have_count(1)
    assert_fits(page)
    assert_accessible(page)


def test_refused_forms_are_accessible_and_their_summary_leads_to_the_fields(
    sized: Page,  # noqa: F811 - the fixture
    site: Site,
) -> None:
    page = sized
    sign_in(site, page.context, Role.SECURITY_ADMIN)
    page.goto("/console/accounts?lang=zh")
    form = page.locator('form[action="/console/accounts"]')
    form.evaluate("form => form.noValidate = true")
    form.locator("[name=name]").fill("Zhou")
    form.get_by_role("button").click()
    expect(page.get_by_role("alert").locator("a")).to_have_count(3)
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("alert").locator("a[href='#new-name']").click()
    expect(page.locator("#new-name")).to_be_focused()
    expect(page.locator("#new-name")).to_have_value("Zhou")
    page.get_by_role("alert").locator("a[href='#new-roles']").click()
    expect(page.locator("#new-roles")).to_be_focused()
