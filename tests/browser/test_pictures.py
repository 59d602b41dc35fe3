"""Pictures of the public's pages for the documentation: `pytest tests/browser --pictures FOLDER`."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import LANGUAGES, Site, assert_fits

PAGES = {
    "home": "/",
    "search": "/search?q=瑞祥",
    "operator": "/operators/{listed}",
    "penalty": "/records/{penalty}",
    "ledger": "/ledger",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_the_first_screen_of_a_public_page_fits_desk_and_phone(
    page: Page, site: Site, name: str, language: str, picture: Callable[[Page, str], None]
) -> None:
    address = PAGES[name].format(listed=site.register.listed, penalty=site.register.penalty)
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        assert_fits(page)
        assert page.locator("h1").bounding_box() is not None
        picture(page, name)
