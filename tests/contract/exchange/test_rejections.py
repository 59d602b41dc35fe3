"""exchange.md 4, "Codes": each on the wire with its field, in their order, the sound messages beside them standing."""

from typing import Any

from tests.contract.exchange.messages import line, message, penalty, revised, signed, uscc
from tests.contract.exchange.partner import Partner

CODES = (
    "schema", "digest", "origin_mismatch", "revision_conflict", "field_missing", "field_unknown_value", "field_format",
    "uscc_check", "category_identity", "placeholder_without_registration_no", "amount_missing", "amount_without_kind",
    "amount_format", "date_future", "date_order", "publicity_too_long", "not_a_penalty", "duplicate_decision",
    "person_data_public",
)  # fmt: skip
PLACEHOLDER = "0" * 17 + "X"
PERSON = {"category": "natural_person", "uscc": None, "region": None, "name": "张三", "person_key": "ab" * 32}
AS_PERSON = {"CF_XDR_LB": "自然人", "CF_XDR_SHXYM": None, "CF_FRDB": None}
DOCUMENT = {"CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": "130102199003074514"}


def faults_of(partner: Partner, lines: list[bytes]) -> dict[int, list[tuple[str, str]]]:
    """Codes and fields by line; the counts add up."""
    batch = partner.chains.batch(lines=lines)
    answer = partner.post(batch)
    assert answer.status == 200, answer.body
    partner.chains.follow(batch)
    found: dict[int, list[tuple[str, str]]] = {}
    for each in answer.json["results"]:
        assert each["status"] == "rejected"
        assert each["message"]
        found.setdefault(each["line"], []).append((each["code"], each["field"]))
    receipt = answer.json
    assert receipt["rejected"] == len(found)
    assert (
        receipt["received"]
        == len(lines)
        == sum(receipt[name] for name in ("accepted", "duplicate", "superseded", "rejected"))
    )
    return found


def faulty(node: str) -> list[tuple[str, str, dict[str, Any]]]:
    """One message for each code: code, field, message."""
    wrong = uscc()
    wrong = wrong[:-1] + ("0" if wrong[-1] != "0" else "1")
    household = {"category": "household", "uscc": None}
    strange = penalty(node)
    return [
        ("schema", "source", signed({name: value for name, value in penalty(node).items() if name != "source"})),
        ("schema", "CF_NR_FK", penalty(node, data={"CF_NR_FK": 0.5})),
        ("schema", "reason", penalty(node, operation="withdraw", data={})),
        ("schema", "revision", penalty(node, revision=0)),
        ("schema", "recorded_at", penalty(node, recorded_at="2026-03-02T10:00:00")),
        ("schema", "data", message("administrative_penalty", node, {"a": "b"}, operation="withdraw", reason="other")),
        ("digest", "digest", {**strange, "digest": "sha256:" + "0" * 64}),
        ("origin_mismatch", "origin", penalty("130300")),
        ("field_missing", "CF_CFJG", penalty(node, data={"CF_CFJG": None})),
        ("field_missing", "subject.region", penalty(node, subject={"region": None})),
        ("field_unknown_value", "resource", message("unheard_of", node, {})),
        ("field_unknown_value", "operation", penalty(node, operation="shout")),
        ("field_format", "CF_JDRQ", penalty(node, data={"CF_JDRQ": "2026/03/02"})),
        ("field_format", "CF_JDRQ", penalty(node, data={"CF_JDRQ": "2026-02-30"})),
        ("uscc_check", "CF_XDR_SHXYM", penalty(node, subject={"uscc": wrong})),
        ("category_identity", "CF_XDR_SHXYM", penalty(node, subject={"uscc": uscc("92")})),
        ("category_identity", "CF_XDR_ZJHM", penalty(node, operation="hold", publicity=None, data=DOCUMENT)),
        ("category_identity", "subject.uscc", penalty(node, data={"CF_XDR_SHXYM": uscc()})),
        (
            "placeholder_without_registration_no", "CF_XDR_GSZC",
            penalty(node, subject=household, data={"CF_XDR_LB": "个体工商户", "CF_XDR_SHXYM": PLACEHOLDER}),
        ),
        ("amount_missing", "CF_NR_FK", penalty(node, data={"CF_NR_FK": ""})),
        ("amount_missing", "CF_NR_WFFF", penalty(node, data={"CF_NR_WFFF": None})),
        ("amount_without_kind", "CF_NR_FK", penalty(node, data={"CF_CFLB": "警告", "CF_NR_WFFF": None})),
        ("amount_format", "CF_NR_FK", penalty(node, data={"CF_NR_FK": "0.1234567"})),
        ("amount_format", "CF_NR_FK", penalty(node, data={"CF_NR_FK": "1,000"})),
        ("date_future", "CF_JDRQ", penalty(node, data={"CF_JDRQ": "2999-01-01"})),
        ("date_order", "publicity.until", penalty(node, publicity={"until": "2026-03-02"})),
        ("publicity_too_long", "publicity.until", penalty(node, publicity={"until": "2046-03-02"})),
        ("not_a_penalty", "CF_WSH", penalty(node, data={"CF_WSH": "唐市监不罚〔2026〕3号"})),
        ("not_a_penalty", "CF_WSH", penalty(node, data={"CF_WSH": "唐市监不予处罚〔2026〕3号"})),
        ("person_data_public", "地址", penalty(node, subject=PERSON, data={**AS_PERSON, "地址": "某路1号"})),
        ("person_data_public", "CF_SY", penalty(node, data={"CF_SY": "张三，男，住河北省唐山市路北区某路1号。"})),
        ("person_data_public", "CF_FR_ZJHM", penalty(node, data={"CF_FR_ZJLX": "身份证", "CF_FR_ZJHM": "130102199003074514"})),
    ]  # fmt: skip


def test_every_code_with_its_field(partner: Partner) -> None:
    vectors = faulty(partner.node)
    good = penalty(partner.node)
    found = faults_of(partner, [*(line(members) for _, _, members in vectors), line(good)])
    for number, (code, field, _) in enumerate(vectors, 1):
        assert (code, field) in found[number]
        places = [CODES.index(told) for told, _ in found[number]]
        assert places == sorted(places)
        if code in CODES[:4]:
            assert {told for told, _ in found[number]} == {code}  # form first, and then no others
    assert len(vectors) + 1 not in found
    assert {code for code, _, _ in vectors} >= set(CODES) - {"revision_conflict", "duplicate_decision"}


def test_all_that_applies_is_told(partner: Partner) -> None:
    wrong = penalty(
        partner.node, data={"CF_WFXW": None, "CF_JDRQ": "2999-01-01", "CF_NR_FK": None, "CF_WSH": "不罚1号"}
    )
    codes = [code for code, _ in faults_of(partner, [line(wrong)])[1]]
    assert {"field_missing", "amount_missing", "date_future", "not_a_penalty"} <= set(codes)


def test_revisions(partner: Partner) -> None:
    first = penalty(partner.node)
    third = revised(first, revision=3)
    lie = signed({**third, "data": {**third["data"], "CF_NR": "另一内容"}})
    late = signed({**first, "revision": 2, "data": {"nothing": "sound"}})  # lower: no effect, whatever its content
    found = faults_of(partner, [line(third), line(lie), line(late), line(third)])
    assert found == {2: [("revision_conflict", "revision")]}
    assert partner.get(f"/records/{first['record_id']}").json == third


def test_a_rejected_message_leaves_no_trace(partner: Partner) -> None:
    first = penalty(partner.node)
    bad = revised(first, revision=9, data={**first["data"], "CF_WFXW": None})
    good = revised(first, revision=5)
    assert faults_of(partner, [line(first), line(bad), line(good)]) == {2: [("field_missing", "CF_WFXW")]}
    assert partner.get(f"/records/{first['record_id']}").json == good


def test_another_record_of_the_same_decision(partner: Partner) -> None:
    first = penalty(partner.node)
    number = first["data"]["CF_WSH"].replace("〔", "[").replace("〕", "]")  # the same number otherwise written
    again = penalty(partner.node, subject=first["subject"], data={"CF_WSH": number})
    other = penalty(partner.node, data={"CF_WSH": first["data"]["CF_WSH"]})  # another party: another record
    found = faults_of(partner, [line(first), line(again), line(other)])
    assert found == {2: [("duplicate_decision", "CF_WSH")]}


def test_nothing_but_form_digest_origin_and_revision_refuses_an_end(partner: Partner) -> None:
    node = partner.node
    first = penalty(node)
    broken = {"category": "unheard of", "region": "nowhere", "uscc": "123", "name": ""}
    ends = [
        revised(first, operation="end_publicity", reason="expired", data={"CF_JDRQ": "2999-99-99", "CF_NR_FK": "viel"}),
        penalty(node, operation="end_publicity", reason="repaired", subject=broken, publicity=None),
        message("commitment", node, {}, operation="withdraw", reason="decision_revoked", publicity=None),
    ]
    ends[1] = signed({**ends[1], "data": {}})
    found = faults_of(partner, [line(first), *map(line, ends)])
    assert found == {}
    conflict = signed({**ends[0], "reason": "other"})
    assert faults_of(partner, [line(conflict)]) == {1: [("revision_conflict", "revision")]}


def test_any_operation_may_follow_any_other(partner: Partner) -> None:
    first = penalty(partner.node)
    gone = revised(first, operation="withdraw", reason="corrected", data={})
    back = revised(gone, operation="publish", reason=None, data=first["data"])
    held = revised(back, operation="hold", publicity=None)
    assert faults_of(partner, [line(each) for each in (first, gone, back, held)]) == {}
    assert partner.get(f"/records/{first['record_id']}").json == held


def test_what_is_no_i_json_is_a_fault_of_form(partner: Partner) -> None:
    sound = penalty(partner.node)
    twice = line(sound).replace(b'"revision": 1', b'"revision": 1, "revision": 1')
    large = line(penalty(partner.node)).replace(b'"revision": 1', b'"revision": 9007199254740993')
    alone = line(penalty(partner.node, note="x")).replace(b'"note": "x"', b'"note": "\\ud800"')
    found = faults_of(partner, [twice, large, alone, line(sound)])
    assert {(number, code) for number, faults in found.items() for code, _ in faults} == {
        (each, "schema") for each in (1, 2, 3)
    }


def test_a_person_is_named_by_a_key_in_public_and_by_a_document_otherwise(partner: Partner) -> None:
    node = partner.node
    found = faults_of(
        partner,
        [
            line(penalty(node, subject=PERSON, data=AS_PERSON)),
            line(penalty(node, subject=PERSON, operation="hold", publicity=None, data={**AS_PERSON, **DOCUMENT})),
            line(penalty(node, subject=PERSON, operation="hold", publicity=None, data=AS_PERSON)),
            line(penalty(node, subject=PERSON, data={**AS_PERSON, **DOCUMENT})),
        ],
    )
    assert {code for code, _ in found[3]} == {"category_identity"}
    assert ("person_data_public", "CF_XDR_ZJHM") in found[4]
    assert set(found) == {3, 4}


def test_unknown_words_of_rules_are_kept_and_unknown_members_passed_on(partner: Partner) -> None:
    strange = penalty(
        partner.node, publicity={"rule_set": "of-tomorrow"}, data={"新字段": {"b": "1", "a": ["2"]}}, extra=1.5
    )
    assert faults_of(partner, [line(strange)]) == {}
    assert partner.get(f"/records/{strange['record_id']}").body == line(strange)[:-1]
