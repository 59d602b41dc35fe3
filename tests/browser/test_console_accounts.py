"""Officers at the console: a first sign-in with a real second factor, and every page of signing in and administration."""

import re
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from models import Authority, db
from registry.clock import now
from registry.rules.roles import Role
from registry.services import officers, passwords, sessions
from registry.transaction import transaction
from tests.browser.conftest import LANGUAGES, Site, assert_accessible, assert_fits

OWN = "Wende-Mima.2026"
SIZES = {"wide": (1280, 900), "phone": (390, 844)}
PAGES = {
    "/auth/login": Role.ENTRY,
    "/auth/password": Role.ENTRY,
    "/console/": Role.ENTRY,
    "/console/account": Role.ENTRY,
    "/console/accounts": Role.SECURITY_ADMIN,
    "/console/audit": Role.AUDIT_ADMIN,
    "/console/system": Role.SYSTEM_ADMIN,
}
_numbers = count(1)


def make_account(site: Site, role: Role) -> tuple[str, str]:
    """A new officer of the site's authority: name and one-time password."""
    name = f"officer{next(_numbers)}"
    with site.app.app_context(), transaction():
        authority = db.session.execute(select(Authority).order_by(Authority.id).limit(1)).scalar_one()
        return name, officers.create(name, roles=[role], authority=authority, by="system:test", reason="test")[1]


def sign_in(site: Site, context: BrowserContext, role: Role) -> str:
    """Put a session that has passed both factors into the browser; the officer's name."""
    name, _ = make_account(site, role)
    with site.app.app_context(), transaction():
        officer = officers.get(name)
        officer.must_change = False
        token = sessions.start(officer, "test")
        session = sessions.find(token)
        assert session is not None
        session.second_factor_at = session.stepped_up_at = now()
    serializer: Any = site.app.session_interface.get_signing_serializer(site.app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": token, "_fresh": True})
    context.add_cookies([{"name": "session", "value": value, "url": site.url}])
    return name


@pytest.fixture(params=list(SIZES.values()), ids=list(SIZES))
def sized(request: pytest.FixtureRequest, page: Page) -> Page:
    """The page on a desk and on a phone."""
    width, height = request.param
    page.set_viewport_size({"width": width, "height": height})
    return page


def look_at(page: Page) -> None:
    """It fits and axe finds nothing."""
    expect(page.locator("h1")).to_have_count(1)
    assert_fits(page)
    assert_accessible(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fresh_officer_signs_in_with_phone_and_own_password(sized: Page, site: Site, language: str) -> None:
    page = sized
    name, password = make_account(site, Role.SECURITY_ADMIN)
    page.goto(f"/auth/login?lang={language}")
    page.locator("#name").fill(name)
    page.locator("#password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page)
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/auth/code*")
    look_at(page)
    key = re.search(r"[A-Z2-7]{32}", "".join(page.locator("main").inner_text().split()))
    assert key
    page.locator("#otp").fill(pyotp.TOTP(key[0]).at(datetime.now(UTC)))
    page.keyboard.press("Enter")
    page.wait_for_url("**/auth/password*")
    page.locator("#old").fill(password)
    page.locator("#new").fill("short")
    page.locator("#again").fill("other")
    page.keyboard.press("Enter")
    expect(page.locator("#fault-new")).to_be_visible()
    expect(page.locator("#fault-again")).to_be_visible()
    look_at(page)
    for field, value in (("#old", password), ("#new", OWN), ("#again", OWN)):
        page.locator(field).fill(value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    look_at(page)
    page.locator(".console-who button").click()
    page.wait_for_url("**/auth/login")
    page.goto("/console/")
    assert "/auth/login" in page.url


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_the_console_is_accessible(sized: Page, site: Site, address: str, language: str) -> None:
    sign_in(site, sized.context, PAGES[address])
    sized.goto(f"{address}?lang={language}")
    assert sized.url.startswith(site.url + address)
    look_at(sized)


def test_a_new_account_s_password_is_shown_once(sized: Page, site: Site) -> None:
    page = sized
    sign_in(site, page.context, Role.SECURITY_ADMIN)
    page.goto("/console/accounts?lang=en")
    name = f"made{next(_numbers)}"
    form = page.locator('form[action="/console/accounts"]')
    form.locator("[name=name]").fill(name)
    form.locator("[name=roles][value=entry]").check()
    form.locator("[name=reason]").fill("new colleague")
    form.locator("select[name=authority]").select_option(index=0)
    form.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text(name)
    look_at(page)
    with site.app.app_context():
        password_hash = officers.get(name).password_hash
    shown = [word for word in page.locator("main").inner_text().split() if passwords.matches(password_hash, word)]
    assert len(shown) == 1
    page.goto(f"/console/accounts/{name}?lang=en")
    expect(page.locator("main")).not_to_contain_text(shown[0])
    look_at(page)
