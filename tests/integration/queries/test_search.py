"""Search: what a person types, and which operators come first."""

import pytest
from sqlalchemy import text

from models import FormerName, Operator, db
from registry.queries.search import SHOWN, search_operators
from registry.queries.search_ranking import HitReason
from registry.rules import names, uscc
from registry.rules.names import QueryKind
from registry.rules.operator import OperatorKind
from registry.transaction import transaction
from tests.factories import make_operator, make_uscc

pytestmark = pytest.mark.usefixtures("database")


def found(typed: str) -> list[str]:
    return [hit.operator.name for hit in search_operators(typed).hits]


def rename(operator: Operator, old: str) -> None:
    operator.former_names.append(FormerName(name=old, folded_name=names.fold(old), used_until=None))
    operator.search_terms = names.search_terms(operator.name, [old])
    db.session.flush()


def test_two_characters_find_a_trade_name_and_mark_it() -> None:
    make_operator(name="石家庄瑞祥商贸有限公司")
    make_operator(name="石家庄康达食品有限公司")
    (hit,) = search_operators("瑞祥").hits
    assert hit.operator.name == "石家庄瑞祥商贸有限公司"
    assert [hit.operator.name[start:end] for start, end in hit.marked] == ["瑞祥"]


@pytest.mark.parametrize(
    "typed", ["瑞祥（河北）", "瑞祥(河北)", "瑞 祥 (河北)", "瑞祥(河北)商貿", "ＡＢ瑞祥", "ab瑞祥", "商贸 瑞祥"]
)
def test_brackets_width_case_traditional_characters_and_order_are_no_difference(typed: str) -> None:
    make_operator(name="AB瑞祥（河北）商贸有限公司")
    make_operator(name="石家庄康达食品有限公司")
    assert found(typed) == ["AB瑞祥（河北）商贸有限公司"]


def test_a_mark_counts_brackets_along() -> None:
    make_operator(name="瑞（河北）祥商贸")
    (hit,) = search_operators("北祥").hits
    assert hit.marked == ((3, 6),)


def test_each_part_of_a_query_is_marked() -> None:
    make_operator(name="长安区瑞祥食品店")
    (hit,) = search_operators("食品 长安区").hits
    assert hit.marked == ((0, 3), (5, 7))


def test_the_very_name_comes_first_then_trade_names_then_the_rest() -> None:
    make_operator(name="河北新瑞祥食品有限公司")
    make_operator(name="石家庄市长安区瑞祥便利店", kind=OperatorKind.HOUSEHOLD)
    make_operator(name="瑞祥商贸有限公司")
    make_operator(name="瑞祥")
    assert found("瑞祥") == ["瑞祥", "瑞祥商贸有限公司", "石家庄市长安区瑞祥便利店", "河北新瑞祥食品有限公司"]


def test_a_former_name_finds_the_operator_and_says_so() -> None:
    operator = make_operator(name="石家庄康达食品有限公司")
    rename(operator, "石家庄瑞祥商贸有限公司")
    (hit,) = search_operators("瑞祥").hits
    assert (hit.reason, hit.former_name) == (HitReason.FORMER_NAME, "石家庄瑞祥商贸有限公司")


def test_pinyin_and_initials_find_a_name_and_its_former_name() -> None:
    operator = make_operator(name="石家庄瑞祥商贸有限公司")
    rename(operator, "石家庄康达食品有限公司")
    assert search_operators("ruixiang").hits[0].reason is HitReason.PINYIN
    assert search_operators("sjzrx").hits[0].reason is HitReason.INITIALS
    assert search_operators("kangda").hits[0].former_name == "石家庄康达食品有限公司"


def test_pinyin_means_these_syllables_and_not_only_their_first_letters() -> None:
    make_operator(name="石家庄荣兴商贸有限公司")
    assert found("ruixiang") == []


def test_a_single_syllable_does_not_find_everything() -> None:
    make_operator(name="石家庄瑞祥商贸有限公司")
    assert found("rui") == []


def test_latin_letters_in_a_name_are_found_as_they_stand() -> None:
    make_operator(name="石家庄ANTA体育用品有限公司")
    assert found("anta") == ["石家庄ANTA体育用品有限公司"]


def test_one_character_is_too_short() -> None:
    make_operator()
    result = search_operators("瑞")
    assert (result.kind, result.hits) == (QueryKind.TOO_SHORT, [])


@pytest.mark.parametrize("typed", ["{code}", " {lower} ", "{code:.10}"])
def test_a_code_is_found_as_it_is_typed_and_by_its_beginning(typed: str) -> None:
    code = make_uscc()
    operator = make_operator(code=code)
    hits = search_operators(typed.format(code=code, lower=code.lower())).hits
    assert operator.id in [hit.operator.id for hit in hits]


def test_a_registration_number_is_found() -> None:
    make_operator(name="长安区老王饭店", kind=OperatorKind.HOUSEHOLD, registration_no="130102600000014")
    assert found("130102600000014") == ["长安区老王饭店"]


def test_an_old_code_leads_to_the_operator_that_holds_now() -> None:
    operator = make_operator(name="石家庄新瑞祥商贸有限公司")
    old = make_operator(successor_id=operator.id)
    assert found(old.uscc or "") == ["石家庄新瑞祥商贸有限公司"]
    assert found("瑞祥") == ["石家庄新瑞祥商贸有限公司"]


def test_a_wrong_check_character_is_named() -> None:
    code = make_uscc()
    wrong = code[:17] + ("1" if code[17] != "1" else "2")
    doubt = search_operators(wrong).code_doubt
    assert doubt is not None
    assert (doubt.fault, doubt.expected) == (uscc.UsccFault.CHECK_CHARACTER, code[17])


def test_an_impossible_character_is_named_with_its_position() -> None:
    code = make_uscc()
    doubt = search_operators(code[:4] + "O" + code[5:]).code_doubt
    assert doubt is not None
    assert doubt.bad == [(5, "O")]


def test_a_natural_person_is_never_found() -> None:
    name = "王瑞*"
    make_operator(name="王瑞祥")
    person = Operator(
        record_id="130100.operator.00000000-0000-4000-8000-000000000001",
        recorded_at=db.session.execute(text("SELECT now()")).scalar_one(),
        person_key="ab" * 32,
        kind=OperatorKind.NATURAL_PERSON,
        name=name,
        folded_name=names.fold(name),
        initials=names.initials(name),
        search_terms=names.search_terms(name, []),
        registration_status="active",
    )
    db.session.add(person)
    db.session.flush()
    assert found("王瑞") == ["王瑞祥"]
    assert found("wangrui") == ["王瑞祥"]


def test_operators_of_one_name_are_counted() -> None:
    make_operator(name="长安区瑞祥便利店")
    make_operator(name="长安区瑞祥便利店")
    assert search_operators("长安区瑞祥便利店").same_name == 2


def test_no_more_than_the_cap_is_shown_and_the_rest_is_told() -> None:
    for number in range(SHOWN + 1):
        make_operator(name=f"瑞祥第{number}商行")
    result = search_operators("瑞祥")
    assert (len(result.hits), result.more) == (SHOWN, True)


@pytest.mark.parametrize("typed", ["'; DROP TABLE operator; --", "%%", "\\", "{}", "[]", "瑞%祥", "\x00瑞祥"])
def test_odd_input_is_only_a_text(typed: str) -> None:
    make_operator(name="石家庄瑞祥商贸有限公司")
    assert search_operators(typed).kind in set(QueryKind)


@pytest.mark.parametrize("typed", ["石家庄瑞详商贸有限公司", "瑞祥商冒", "石加庄瑞祥", "石家庄（瑞祥）商贸有限公词"])
def test_one_wrong_character_still_finds_the_name_and_says_so(typed: str) -> None:
    make_operator(name="石家庄瑞祥商贸有限公司")
    make_operator(name="石家庄康达食品有限公司")
    (hit,) = search_operators(typed).hits
    assert (hit.operator.name, hit.reason) == ("石家庄瑞祥商贸有限公司", HitReason.SIMILAR_NAME)


def test_a_similar_name_is_marked_and_only_shown_where_no_name_holds_what_was_typed() -> None:
    make_operator(name="石家庄瑞详商贸有限公司")
    (hit,) = search_operators("瑞祥商贸").hits
    assert [hit.operator.name[start:end] for start, end in hit.marked] == ["瑞详商贸"]
    make_operator(name="石家庄瑞祥商贸有限公司")
    assert found("瑞祥商贸") == ["石家庄瑞祥商贸有限公司"]


@pytest.mark.parametrize("typed", ["瑞详商冒", "瑞详食", "瑞祥商贸厅"])
def test_two_wrong_characters_a_short_text_and_a_longer_one_find_no_similar_name(typed: str) -> None:
    make_operator(name="瑞祥商贸")
    assert found(typed) == []


def test_initials_at_the_trade_name_come_before_others() -> None:
    make_operator(name="新荣兴店")
    make_operator(name="石家庄瑞祥商贸有限公司")
    assert found("rx") == ["石家庄瑞祥商贸有限公司", "新荣兴店"]


@pytest.mark.parametrize(
    ("typed", "statement"),
    [("瑞祥商冒", "%folded_name LIKE%"), ("rx", "%initials LIKE%"), ("瑞祥", "%search_terms @>%")],
)
def test_the_eleventh_execution_is_planned_for_its_own_values(typed: str, statement: str) -> None:
    make_operator(name="石家庄瑞祥商贸有限公司")
    with transaction():
        for _ in range(12):
            assert found(typed) == ["石家庄瑞祥商贸有限公司"]
        prepared = db.session.execute(
            text("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE :statement"),
            {"statement": statement},
        ).all()
    assert prepared, "psycopg has prepared the search by now"
    assert all(generic == 0 and custom > 5 for generic, custom in prepared)
