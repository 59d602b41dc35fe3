"""Every code of exchange.md 4 by a vector: what is told, at which field, and in which order."""

from datetime import date
from typing import Any

import pytest

from sync.decisions import decision_key
from sync.faults import CODES
from sync.message import Message, parse
from sync.rejections import Judge, Standing, Status, first_look
from tests.exchange_messages import abnormal, digest_of, licence, line, message, operator, penalty, signed, violation
from tests.factories import make_uscc

TODAY = date(2026, 11, 23)
NODE = "130200"
HOUSEHOLD = {"category": "household"}
PERSON = {"category": "natural_person", "uscc": None, "region": None, "name": "张三", "person_key": "ab" * 32}
AS_PERSON = {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": None, "CF_FRDB": None, "CF_XDR_MC": "张三"}
IDENTITY = "130102199003074514"


def parsed(members: dict[str, Any]) -> Message:
    return parse(line(members)[:-1])


def faults(members: dict[str, Any], *, standing: dict[str, Standing] | None = None) -> list[tuple[str, str]]:
    found = parsed(members)
    looked = first_look(found, origins={NODE}, own="130000")
    judge = Judge(today=TODAY, standing=standing or {}, decisions={})
    return [(fault.code, fault.field) for fault in judge.judge(found, looked).faults]


def household(**data: Any) -> dict[str, Any]:
    code = make_uscc("92", "130202")
    return penalty(uscc=code, subject=HOUSEHOLD, data={"CF_XDR_LB": "个体工商户", **data})


def without(members: dict[str, Any], name: str) -> dict[str, Any]:
    rest = {key: value for key, value in members.items() if key != name}
    return {**rest, "digest": digest_of(rest)}


@pytest.mark.parametrize("make", [penalty, licence, violation, abnormal, operator, household])
def test_a_sound_message_has_no_faults(make):
    assert faults(make()) == []


def test_a_sound_person_is_named_by_a_key():
    assert faults(penalty(subject=PERSON, data=AS_PERSON)) == []


def test_a_household_may_carry_the_placeholder_with_its_registration_number():
    subject = {**HOUSEHOLD, "uscc": None, "registration_no": "130202600000014"}
    data = {"CF_XDR_LB": "个体工商户", "CF_XDR_SHXYM": "0" * 17 + "X", "CF_XDR_GSZC": "130202600000014"}
    assert faults(penalty(subject=subject, data=data)) == []


FORM = [
    *((name, lambda name=name: without(penalty(), name)) for name in ("message_id", "reason", "publicity", "source")),
    ("message_id", lambda: message("commitment", message_id="1")),
    ("message_id", lambda: message("commitment", message_id="130300.5b7c1e90.1")),
    ("origin", lambda: signed({**message("commitment"), "origin": "13020"})),
    ("record_id", lambda: message("commitment", record_id="130200.operator.1")),
    ("record_id", lambda: message("commitment", record_id="130300.commitment.1")),
    ("record_id", lambda: message("commitment", record_id="130200.commitment.ü")),
    ("revision", lambda: message("commitment", revision=0)),
    ("revision", lambda: message("commitment", revision=True)),
    ("revision", lambda: message("commitment", revision="1")),
    ("revision", lambda: message("commitment", revision=1.5)),
    ("operation", lambda: message("commitment", operation=None)),
    ("reason", lambda: message("commitment", reason="repaired")),
    ("reason", lambda: message("commitment", operation="withdraw")),
    ("subject", lambda: signed({**message("commitment"), "subject": None})),
    ("subject", lambda: message("commitment", subject={"name": 1})),
    ("publicity", lambda: message("commitment", publicity={"from": 20260302})),
    ("publicity", lambda: message("commitment", operation="hold")),
    ("publicity", lambda: message("operator")),
    ("data", lambda: message("commitment", data=[])),
    ("title", lambda: message("commitment", data={"title": 1})),
    ("deep", lambda: message("commitment", data={"deep": [{"a": 1.5}]})),
    ("data", lambda: message("commitment", operation="withdraw", reason="other", data={"title": "x"})),
    ("data", lambda: message("commitment", operation="end_publicity", reason="repaired", data={"title": "x"})),
    ("source", lambda: message("commitment", source="x")),
    ("recorded_at", lambda: message("commitment", recorded_at="2026-03-02T10:00:00")),
    ("recorded_at", lambda: message("commitment", recorded_at="2026-13-02T10:00:00Z")),
    ("digest", lambda: message("commitment", digest="sha256:00")),
]


@pytest.mark.parametrize(("field", "make"), FORM)
def test_form_comes_first_and_alone(field, make):
    assert faults(make()) == [("schema", field)]


def test_json_that_is_no_i_json_is_a_matter_of_form():
    raw = line(penalty())[:-2] + b',"origin":"130200"}'
    assert [fault.code for fault in first_look(parse(raw), origins={NODE}, own="130000")] == ["schema"]


def test_the_digest_is_of_the_message():
    assert faults({**penalty(), "recorded_at": "2026-03-02T10:00:01+08:00"}) == [("digest", "digest")]


@pytest.mark.parametrize("origin", ["130300", "130000"])
def test_only_the_origin_speaks_and_nobody_for_us(origin):
    assert faults(penalty(origin=origin)) == [("origin_mismatch", "origin")]
    relayed = first_look(parsed(penalty(origin=origin)), origins=None, own="130000")
    assert [fault.code for fault in relayed] == (["origin_mismatch"] if origin == "130000" else [])


def test_one_revision_says_one_thing():
    sent = penalty(data={"CF_NR_FK": "x"})
    other = {sent["record_id"]: Standing(1, "sha256:other")}
    assert faults(sent, standing=other) == [("revision_conflict", "revision")]


def test_what_is_old_or_known_is_not_looked_at_any_further():
    sent = penalty(data={"CF_NR_FK": "x"})
    for standing, status in ((Standing(2, "x"), Status.SUPERSEDED), (Standing(1, sent["digest"]), Status.DUPLICATE)):
        judge = Judge(today=TODAY, standing={sent["record_id"]: standing}, decisions={})
        assert judge.judge(parsed(sent), []).status is status


def named(code: str, field: str, members: dict[str, Any]) -> Any:
    return pytest.param(code, field, members, id=f"{code}-{field}")


VECTORS = [
    *(named("field_missing", name, penalty(data={name: empty})) for name, empty in (
        ("CF_XDR_MC", None), ("CF_XDR_LB", ""), ("CF_WSH", None), ("CF_WFXW", ""), ("CF_SY", None), ("CF_YJ", ""),
        ("CF_NR", None), ("CF_JDRQ", ""), ("CF_CFJG", None), ("CF_CFJGDM", None), ("CF_SJLY", ""), ("CF_SJLYDM", None),
    )),
    *(named("field_missing", name, licence(data={name: None})) for name in ("XK_WSH", "XK_NR", "XK_XKJGDM")),
    named("field_missing", "subject.region", penalty(subject={"region": None})),
    named("field_missing", "subject.name", abnormal(subject={"name": None})),
    named("field_missing", "publicity", signed({**penalty(), "publicity": None})),
    named("field_missing", "publicity.from", penalty(publicity={"from": None})),
    named("field_unknown_value", "resource", message("tax_rating")),
    named("field_unknown_value", "operation", message("commitment", operation="delete")),
    named("field_unknown_value", "subject.category", abnormal(subject={"category": "company"})),
    named("field_unknown_value", "CF_XDR_LB", penalty(data={"CF_XDR_LB": "企业"})),
    named("field_unknown_value", "CF_CFLB", penalty(data={"CF_CFLB": "罚款;没收违法所得;罚金"})),
    named("field_unknown_value", "publicity.basis", penalty(publicity={"basis": "receipt_date"})),
    named("field_unknown_value", "registration_status", operator(data={"registration_status": "asleep"})),
    named("field_format", "CF_JDRQ", penalty(data={"CF_JDRQ": "2026/03/02"})),
    named("field_format", "CF_YXQ", penalty(data={"CF_YXQ": "2026-02-30"})),
    named("field_format", "CF_SY", penalty(data={"CF_SY": ["x"]})),
    named("field_format", "subject.region", penalty(subject={"region": "1302"})),
    named("field_format", "publicity.until", penalty(publicity={"until": "2099"})),
    named("field_format", "report_year", abnormal(data={"report_year": "25"})),
    named("field_format", "authority", violation(data={"authority": "唐山市市场监督管理局"})),
    named("field_format", "online_presences", operator(data={"online_presences": ["x"]})),
    named("field_format", "subject.person_key", penalty(subject={**PERSON, "person_key": "key"}, data=AS_PERSON)),
    named("date_future", "CF_JDRQ", penalty(data={"CF_JDRQ": "2026-11-24"}, publicity={
        "from": "2026-11-24", "until": "2027-11-24"})),
    named("date_future", "listed_on", violation(data={"listed_on": "2026-11-24"})),
    named("date_order", "CF_YXQ", penalty(data={"CF_YXQ": "2026-03-01"})),
    named("date_order", "CF_GSJZQ", penalty(data={"CF_GSJZQ": "2026-03-02"})),
    named("date_order", "XK_YXQZI", licence(data={"XK_YXQZI": "2026-03-01"})),
    named("date_order", "removed_on", violation(data={"removed_on": "2026-03-01"})),
    named("date_order", "publicity.until", penalty(publicity={"until": "2026-03-02"})),
    named("publicity_too_long", "publicity.until", penalty(publicity={"until": "2029-03-03"})),
    named("publicity_too_long", "publicity.until", violation(publicity={"until": "2029-03-03"})),
    named("amount_missing", "CF_NR_FK", penalty(data={"CF_NR_FK": ""})),
    named("amount_missing", "CF_NR_WFFF", penalty(data={"CF_NR_WFFF": None})),
    named("amount_without_kind", "CF_NR_FK", penalty(data={"CF_CFLB": "没收违法所得"})),
    named("amount_without_kind", "CF_NR_WFFF", penalty(data={"CF_CFLB": "罚款"})),
    named("amount_format", "CF_NR_FK", penalty(data={"CF_NR_FK": "0.1234567"})),
    named("amount_format", "CF_NR_FK", penalty(data={"CF_NR_FK": "-1"})),
    named("amount_format", "CF_NR_FK", penalty(data={"CF_NR_FK": "1,000"})),
    named("not_a_penalty", "CF_WSH", penalty(data={"CF_WSH": "石环不罚决〔2025〕无极-38号"})),
    named("not_a_penalty", "CF_WSH", penalty(data={"CF_WSH": "唐市监不予罚〔2026〕1号"})),
    named("person_data_public", "CF_FR_ZJHM", penalty(data={"CF_FR_ZJHM": IDENTITY})),
    named("person_data_public", "CF_FR_SFZH", penalty(data={"CF_FR_SFZH": IDENTITY})),
    named("person_data_public", "CF_XDR_ZJHM", penalty(subject=PERSON, data={**AS_PERSON, "CF_XDR_ZJHM": IDENTITY})),
    named("person_data_public", "CF_SY", penalty(data={"CF_SY": f"当事人身份证号{IDENTITY}，无证经营。"})),
    named("person_data_public", "CF_NR", penalty(data={"CF_NR": "电话13812345678，罚款0.5万元。"})),
    named("person_data_public", "BZ", penalty(data={"BZ": "家庭住址：唐山市路南区某某街12号"})),
    named("person_data_public", "note", violation(data={"note": {"deep": ["13812345678"]}})),
    named("category_identity", "CF_XDR_SHXYM", penalty(data={"CF_XDR_SHXYM": None}, subject={"uscc": None})),
    named("category_identity", "CF_XDR_ZJLX", penalty(operation="hold", data={"CF_XDR_ZJLX": "身份证"})),
    named("category_identity", "CF_XDR_SYDW", household(CF_XDR_SYDW="113021000001")),
    named("category_identity", "CF_FRDB", penalty(subject=PERSON, data={**AS_PERSON, "CF_FRDB": "王明"})),
    named("category_identity", "CF_XDR_ZZJG", penalty(subject=PERSON, data={**AS_PERSON, "CF_XDR_ZZJG": "MA0000001"})),
    named("category_identity", "subject.category", penalty(subject=HOUSEHOLD, uscc=make_uscc("92"))),
    named("category_identity", "subject.uscc", penalty(data={"CF_XDR_SHXYM": make_uscc()})),
    named("category_identity", "subject.name", penalty(data={"CF_XDR_MC": "另一家公司"})),
    named("category_identity", "subject.person_key", penalty(subject={"person_key": "ab" * 32})),
    named("category_identity", "subject.person_key", penalty(subject={**PERSON, "person_key": None}, data=AS_PERSON)),
    named("category_identity", "subject.uscc", abnormal(uscc=make_uscc("92"))),
    named("category_identity", "kind", operator(data={"kind": "household"})),
    named("placeholder_without_registration_no", "CF_XDR_GSZC", penalty(
        subject={**HOUSEHOLD, "uscc": None}, data={"CF_XDR_LB": "个体工商户", "CF_XDR_SHXYM": "0" * 17 + "X"})),
    named("placeholder_without_registration_no", "subject.registration_no", abnormal(
        resource="household_mark", subject={**HOUSEHOLD, "uscc": None})),
]  # fmt: skip


def _fitting(members: dict[str, Any]) -> dict[str, Any]:
    """A hold has no publicity."""
    return signed({**members, "publicity": None}) if members["operation"] == "hold" else members


@pytest.mark.parametrize(("code", "field", "members"), VECTORS)
def test_content_is_told_with_code_and_field(code, field, members):
    assert (code, field) in faults(_fitting(members))


@pytest.mark.parametrize(("code", "field", "members"), VECTORS)
def test_no_end_is_refused_for_its_content(code, field, members):
    end = signed({**members, "operation": "end_publicity", "reason": "expired", "publicity": members["publicity"]})
    if members["resource"] != "operator":
        assert faults(end) == []


def bad_code() -> str:
    code = make_uscc("91", "130202")
    return code[:17] + ("0" if code[17] != "0" else "1")


def test_a_wrong_check_character_is_refused_unless_it_is_doubted_with_a_reason():
    code = bad_code()
    assert faults(penalty(uscc=code)) == [("uscc_check", "CF_XDR_SHXYM")]
    assert faults(abnormal(uscc=code)) == [("uscc_check", "subject.uscc")]
    assert faults(penalty(uscc=code, subject={"uscc_doubt": "营业执照如此"})) == []
    assert faults(penalty(uscc="0" * 18)) == [("uscc_check", "CF_XDR_SHXYM")]


def test_ninety_two_is_a_household_and_no_other():
    assert ("category_identity", "CF_XDR_SHXYM") in faults(penalty(uscc=make_uscc("92")))
    wrong = penalty(uscc=make_uscc("91"), subject=HOUSEHOLD, data={"CF_XDR_LB": "个体工商户"})
    assert ("category_identity", "CF_XDR_SHXYM") in faults(wrong)
    organisation = penalty(data={"CF_XDR_SHXYM": "0" * 17 + "X"}, subject={"uscc": None, "registration_no": "1"})
    assert ("category_identity", "CF_XDR_SHXYM") in faults(organisation)


def test_a_held_person_is_named_by_a_document():
    data = {**AS_PERSON, "CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": IDENTITY}
    held = penalty(subject=PERSON, operation="hold", data=data)
    assert faults(_fitting(held)) == []
    bare = penalty(subject=PERSON, operation="hold", data=AS_PERSON)
    assert faults(_fitting(bare)) == [("category_identity", "CF_XDR_ZJLX"), ("category_identity", "CF_XDR_ZJHM")]


def test_a_restriction_that_runs_longer_is_shown_to_its_end():
    data = {"CF_CFLB": "限制从业", "CF_NR_FK": None, "CF_NR_WFFF": None, "CF_YXQ": "2031-03-02"}
    assert faults(penalty(data=data, publicity={"until": "2031-03-02"})) == []
    assert faults(penalty(data=data, publicity={"until": "2031-03-03"})) == [("publicity_too_long", "publicity.until")]


def test_an_unknown_rule_set_and_reason_code_are_kept():
    unknown = {"rule_set": "samr-2031-01-01", "until": "2036-01-01"}
    assert faults(penalty(publicity=unknown)) == []
    assert faults(violation(data={"reason_code": "44-99", "removal_reason": "x"})) == []


def test_a_second_record_with_one_decision_is_refused():
    sent = penalty()
    key = decision_key(sent)
    assert key is not None
    judge = Judge(today=TODAY, standing={}, decisions={(NODE, key): {"130200.administrative_penalty.other"}})
    found = judge.judge(parsed(sent), [])
    assert [(fault.code, fault.field) for fault in found.faults] == [("duplicate_decision", "CF_WSH")]
    brackets = signed({**sent, "data": {**sent["data"], "CF_WSH": sent["data"]["CF_WSH"].replace("〔", "［")}})
    assert decision_key(brackets) == key


def test_all_faults_are_told_in_the_order_of_the_codes():
    found = faults(penalty(
        data={"CF_SY": None, "CF_NR_FK": "x", "CF_WSH": "不罚〔2026〕1号", "CF_JDRQ": "2026-13-01", "BZ": "13812345678"},
    ))  # fmt: skip
    assert [code for code, _ in found] == [
        "field_missing", "field_format", "amount_format", "not_a_penalty", "person_data_public",
    ]  # fmt: skip


def test_every_code_has_a_vector():
    told = {code for vector in VECTORS for code in [vector.values[0]]}
    by_themselves = {"schema", "digest", "origin_mismatch", "revision_conflict", "uscc_check", "duplicate_decision"}
    assert told | by_themselves == set(CODES)
