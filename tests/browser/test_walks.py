"""From the first word to the last day, in a browser: a clue that ends in a removal, a listing that ends by itself."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import AbnormalListing, Operator, Proceeding, ViolationListing, db
from registry.app import create_app
from registry.rules.calendar import add_months
from registry.rules.proceedings import Procedure
from registry.rules.record import EndReason, RecordState
from registry.rules.roles import Role
from registry.services.personal_values import Vault
from registry.transaction import transaction
from tests.applications import PDF
from tests.browser.conftest import Site, served
from tests.browser.register import fill
from tests.browser.test_console_accounts import sign_in
from tests.browser.test_console_cases import put_on_the_violation_list
from tests.browser.test_console_penalties import decide
from tests.database import cloned_database
from tests.factories import make_operator

DAY = date(2026, 11, 24)
NAME = "石家庄安顺家具有限公司"


@pytest.fixture
def town() -> Iterator[Site]:
    """A site of its own, on a fixed day: its clock is moved."""
    with time_machine.travel(f"{DAY}T10:00:00+08:00"), cloned_database() as settings:
        app = create_app(settings)
        with app.app_context():
            register = fill(Vault.of(settings))
        with served(app) as url:
            yield Site(url, app, register)


class Street:
    """Whoever is met on the way: the public, and officers by their role, each at a browser of their own."""

    def __init__(self, town: Site, browser: Browser, arguments: dict[str, object]) -> None:
        self.town, self._browser = town, browser
        self._arguments = {**arguments, "base_url": town.url}

    def reader(self, width: int = 1280) -> Page:
        arguments = {**self._arguments, "viewport": {"width": width, "height": 844}}
        return self._browser.new_context(**arguments).new_page()  # type: ignore[arg-type]

    def officer(self, role: Role) -> Page:
        page = self.reader()
        sign_in(self.town, page.context, role)
        return page


@pytest.fixture
def street(town: Site, browser: Browser, browser_context_args: dict[str, object]) -> Street:
    return Street(town, browser, browser_context_args)


def newest(town: Site, procedure: Procedure) -> str:
    """The address of the newest case of a procedure."""
    with town.app.app_context():
        found = select(Proceeding.id).where(Proceeding.procedure == procedure).order_by(Proceeding.id.desc()).limit(1)
        return f"/console/proceedings/{db.session.execute(found).scalar_one()}"


def test_from_a_clue_over_the_abnormal_list_and_a_repair_to_its_removal(town: Site, street: Street) -> None:
    with town.app.app_context(), transaction():
        operator = make_operator(name=NAME, established_on=date(2019, 3, 1))
        number, code = operator.id, str(operator.uscc)
    # somebody reports the operator
    public = street.reader(390)
    public.goto(f"/clues/{code}")
    public.locator("#statement").fill("年报所填网店地址不存在。")
    public.locator("main form button[type=submit]").last.click()
    expect(public.locator(".query-code")).to_be_visible()
    # an officer takes the clue up, opens a case, and proposes the listing
    first = street.officer(Role.ENTRY)
    first.goto(newest(town, Procedure.CLUE))
    decide(first, "take_up", "线索具体，予以受理")
    expect(first.locator("main")).to_contain_text("线索具体，予以受理")
    first.goto(f"/console/proceedings/new/abnormal_listing?operator={number}")
    first.locator("#record-reason").select_option("R3")
    first.locator("#record-facts").fill("年度报告所填网店网址系虚构。")
    first.locator("#record-verified_on").fill(str(DAY))
    first.locator("#reason-record").fill("线索查实")
    first.locator("form[action$='/record'] button[type=submit]").click()
    case = newest(town, Procedure.ABNORMAL_LISTING)
    first.goto(case)
    first.locator("#propose-facts").fill("年度报告所填网店网址系虚构。")
    first.locator("#propose-verified_on").fill(str(DAY))
    decide(first, "propose", "拟列入")
    public.goto(f"/operators/{code}")
    expect(public.locator("main")).not_to_contain_text("被列入经营异常名录")
    # the second officer lists it, and everybody sees it
    second = street.officer(Role.REVIEW)
    second.goto(case)
    decide(second, "list", "同意列入")
    expect(second.locator("main")).to_contain_text("列入经营异常名录决定书")
    public.reload()
    expect(public.locator("main")).to_contain_text("经营异常名录")
    assert code in public.request.get("/lists/abnormal.csv").text()
    with town.app.app_context():
        record = db.session.execute(
            select(AbnormalListing.record_id).where(AbnormalListing.operator_id == number)
        ).scalar_one()
    # the operator asks for the repair on its phone
    public.goto(f"/repairs/{record}")
    public.locator("#applicant").fill("赵晓明")
    public.locator("#contact").fill("13800002222")
    public.locator("#statement").fill("已更正年度报告中的网址。")
    public.locator("#commitment").check()
    public.locator("#proof").set_input_files({"name": "更正.pdf", "mimeType": "application/pdf", "buffer": PDF})
    public.locator("button[type=submit]").last.click()
    expect(public.locator(".query-code")).to_be_visible()
    # accepted and verified by one, granted by another: nothing of it is public any more
    repairer = street.officer(Role.REPAIR)
    application = newest(town, Procedure.REPAIR)
    repairer.goto(application)
    repairer.locator("#accept-materials_complete").check()
    decide(repairer, "accept", "材料齐全")
    repairer.locator("#verify-verified_on").fill(str(DAY))
    repairer.locator("#verify-duties_performed").check()
    decide(repairer, "verify", "已核对公示系统")
    second.goto(application)
    decide(second, "grant", "符合条件")
    expect(second.locator("main")).to_contain_text("准予信用修复决定书")
    public.locator("form[action$='/applications'] button").click()
    expect(public.locator("main")).to_contain_text("准予")
    assert public.request.get(f"/records/{record}").status == 410
    assert code not in public.request.get("/lists/abnormal.csv").text()
    first.goto(case)
    expect(first.locator("main")).to_contain_text("移出经营异常名录决定书")


def test_from_an_assessment_over_the_violation_list_to_its_end_after_thirty_six_months(
    town: Site, street: Street
) -> None:
    code, case = put_on_the_violation_list(
        town, street.reader(), street.reader(), street.reader(), lambda _page, _name: None
    )
    public, last = street.reader(390), add_months(DAY, 36)
    # on the eve it is public still, although the day has run
    with time_machine.travel(f"{last - timedelta(days=1)}T23:00:00+08:00"):
        let_the_day_run(town, last - timedelta(days=1))
        public.goto(f"/operators/{code}")
        expect(public.locator("main")).to_contain_text("该主体现被列入严重违法失信名单")
        assert code in public.request.get("/lists/violations.csv").text()
    # on the day it is public no more, before the day has run and after it
    with time_machine.travel(f"{last}T00:30:00+08:00"):
        assert code not in public.request.get("/lists/violations.csv").text()
        let_the_day_run(town, last)
        public.reload()
        expect(public.locator("main")).not_to_contain_text("该主体现被列入严重违法失信名单")
        officer = street.officer(Role.ENTRY)
        officer.goto(case)
        expect(officer.locator("main")).to_contain_text("期满")
        with town.app.app_context():
            ended = select(ViolationListing).join(Operator).where(Operator.uscc == code)
            listing = db.session.execute(ended).scalar_one()
            assert (listing.state, listing.end_reason, listing.ended_on) == (
                RecordState.ENDED,
                EndReason.EXPIRED,
                last,
            )


def let_the_day_run(town: Site, day: date) -> None:
    """What the worker does each hour; the access log gets its room for the year."""
    for command in (["db-prepare"], ["day", "run", "--on", str(day)]):
        result = town.app.test_cli_runner().invoke(args=command, catch_exceptions=False)
        assert result.exit_code == 0, result.output
