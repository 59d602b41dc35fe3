"""A real site on a database of its own, and a real browser in front of it.

The tests are left out where no Chromium is installed; `.ci/run` installs Debian's.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

from registry.app import create_app
from registry.services.personal_values import Vault
from tests.browser.register import Register, fill
from tests.database import cloned_database, close

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS = (1280, 390)
LANGUAGES = ("zh", "en")


@pytest.hookimpl(trylast=True)  # pytest itself groups what shares a parameter of the session
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last of all: Playwright keeps an event loop running in this thread, and signing a report starts one of its own.

    Without a browser there is nothing to drive.
    """
    here = Path(__file__).parent
    items.sort(key=lambda item: here in item.path.parents)
    if CHROMIUM is None:
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: apt-get install chromium"))


class Site:
    """The running site: its address, its application and what was put into its register."""

    def __init__(self, url: str, app: Flask, register: Register) -> None:
        self.url = url
        self.app = app
        self.register = register


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The site, served by threads of this process on a port that the kernel chose."""
    with cloned_database() as settings:
        app = create_app(settings)
        with app.app_context():
            register = fill(Vault.of(settings))
        with served(app) as url:
            yield Site(url, app, register)


@pytest.fixture(scope="session")
def strict_site() -> Iterator[tuple[str, Flask]]:
    """A site that asks a question of whoever looks up more than one name a minute: its address and application."""
    with cloned_database() as settings:
        app = create_app(replace(settings, anonymous_per_minute=1))
        with served(app) as url:
            yield url, app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Threads of this process serve an application on a port that the kernel chose; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        close(app)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, which refuses its own sandbox to root."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], site: Site) -> dict[str, Any]:
    """A reader in Beijing; pages are asked for by their paths."""
    return {
        **browser_context_args,
        "base_url": site.url,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture(autouse=True)
def no_complaints(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page must not make the browser complain: about a script, a refused style, a missing file."""
    if "page" not in request.fixturenames:
        yield
        return
    page: Page = request.getfixturevalue("page")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type == "error"
            and "status of 4" not in message.text  # pages that say no are asked for on purpose
            else None
        ),
    )
    yield
    assert complaints == []


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--pictures FOLDER`: the tests leave pictures of the main pages there."""
    parser.addoption("--pictures", metavar="FOLDER", help="write pictures of the main pages into this folder")


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Writes a picture of a page as it stands, where pictures were asked for: `<name>-<width>-<language>.png`."""
    folder = request.config.getoption("--pictures")

    def write(page: Page, name: str) -> None:
        if folder and page.viewport_size:
            language = page.locator("html").get_attribute("lang")
            place = Path(folder) / f"{name}-{page.viewport_size['width']}-{str(language)[:2]}.png"
            page.screenshot(path=place, caret="initial")  # hiding it would take an inline style

    return write


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing on the page as it stands."""
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def assert_fits(page: Page) -> None:
    """Nothing makes the page wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"


@pytest.fixture
def phone(browser: Any, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """A reader with a phone."""
    context = browser.new_context(**{**browser_context_args, "viewport": {"width": 390, "height": 844}})
    yield context
    context.close()
