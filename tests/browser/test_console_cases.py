"""The way of a case through the console, by three officers: assessed, notified, consented to by the level above, decided."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from models import Operator, Proceeding, db
from registry.clock import today
from registry.rules.violation_cases import Factor
from tests.browser.conftest import Site
from tests.browser.test_console_penalties import decide, look_everywhere, pass_both_factors

Picture = Callable[[Page, str], None]
Look = Callable[[Page, str], None]


def note(page: Page, part: str, reason: str) -> None:
    """Note what was filled in for this part."""
    page.locator(f"#reason-note-{part}").fill(reason)
    page.locator(f"#step-note-{part} button[type=submit]").click()


def put_on_the_violation_list(site: Site, page: Page, second: Page, above: Page, look: Look) -> tuple[str, str]:
    """Three officers list the operator without a record; its code, and the address of its case."""
    day = today()
    with site.app.app_context():
        operator = db.session.execute(select(Operator).where(Operator.uscc == site.register.clear)).scalar_one()
        operator_id, code = operator.id, str(operator.uscc)
    # the handler opens the case from the operator's page
    pass_both_factors(page, site.register.entry)
    page.goto(f"/console/operators/{operator_id}")
    page.goto(f"/console/proceedings/new/violation_listing?operator={operator_id}")
    look(page, "case-new")
    page.locator("#assess-reason").select_option("44-5")
    page.locator("#assess-facts").fill("在网店销售标注虚假生产日期的预包装食品，货值三十二万元。")
    page.locator("#assess-heavier_penalty").check()
    page.locator("#assess-grave").check()
    page.locator("#reason-assess").fill("处罚案件移送评估")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/console/proceedings/\d+$"))
    address = page.url.partition("?")[0]
    # no notice before every factor is answered, and the page says why
    page.locator("#reason-notify").fill("拟列入")
    page.locator("#step-notify button").click()
    expect(page.get_by_role("alert")).to_contain_text("第十二条所列因素已逐项答复")
    for factor in Factor:
        page.locator(f"#note-handler-factor_{factor}").fill("已查明，详见案卷。")
    note(page, "handler", "逐项评估")
    look(page, "case-assessed")
    page.locator("#notify-measures input").first.check()
    page.locator("#reason-notify").fill("拟列入并告知")
    page.locator("#step-notify button").click()
    expect(page.locator("main")).to_contain_text("列入严重违法失信名单告知书")
    page.locator("#note-handler-notice_served_on").fill(str(day))
    page.locator("#note-handler-notice_tells_facts_basis_and_rights").check()
    page.locator("#note-handler-hearing_waived_on").fill(str(day))
    note(page, "handler", "已送达，当事人放弃听证")
    # the handler cannot decide what they prepared, not even by a crafted request
    token = page.locator("[name=csrf_token]").first.input_value()
    crafted = page.request.post(
        f"{address}/decisions/keep_proposal",
        form={"csrf_token": token, "revision": "4", "statement": "同意"},
    )
    assert crafted.status in (403, 409, 422)
    # the second officer, then the authority above, then the second officer again
    pass_both_factors(second, site.register.review)
    second.goto("/console/inbox")
    expect(second.locator("main")).to_contain_text("严重违法失信名单")
    second.goto(address)
    decide(second, "keep_proposal", "维持拟列入意见，报请上级同意")
    pass_both_factors(above, site.register.superior)
    above.goto("/console/inbox")
    expect(above.locator("main")).to_contain_text("待上级机关同意")
    above.goto(address)
    above.locator("#note-superior-superior_consented_on").fill(str(day))
    note(above, "superior", "同意列入")
    second.goto(address)
    second.locator("#list-decided_on").fill(str(day))
    second.locator("#list-penalty_decided_on").fill(str(day))
    second.locator("#list-penalty_no").fill("石长市监罚〔2026〕101号")
    look(second, "case-decision")
    second.locator("#list-decided_on").fill(str(day))
    second.locator("#list-penalty_decided_on").fill(str(day))
    decide(second, "list", "同意列入")
    expect(second.locator("main")).to_contain_text("列入严重违法失信名单决定书")
    look(second, "case-listed")
    # the public sees it, and the decision is a file
    page.goto(f"/operators/{code}")
    expect(page.locator("main")).to_contain_text("严重违法失信名单")
    document = second.locator("a[href*='/console/documents/']").last.get_attribute("href")
    assert document is not None
    answer = second.request.get(document)
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")
    with site.app.app_context():
        case = db.session.execute(select(Proceeding).order_by(Proceeding.id.desc()).limit(1)).scalar_one()
        assert case.hands == ["officer:luru", "officer:shangji"]
        assert case.decided_by == "officer:shenhe"
    return code, address


def test_three_officers_put_a_party_on_the_violation_list(
    page: Page, browser: Browser, browser_context_args: dict[str, object], site: Site, picture: Picture
) -> None:
    second, above = (
        browser.new_context(**browser_context_args).new_page()  # type: ignore[arg-type]
        for _ in range(2)
    )
    put_on_the_violation_list(site, page, second, above, lambda shown, name: look_everywhere(shown, name, picture))
