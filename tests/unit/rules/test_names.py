"""Names: what is a difference between two names and what is none; pinyin; how a query is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import names
from registry.rules.names import QueryKind, fold, initials, pinyin, query_terms, search_terms

realistic = st.text("石家庄瑞祥商貿贸（）()【】 　AbＢ1１·&、-𠮷堃", max_size=14)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("石家庄瑞祥（集团）有限公司", "石家庄瑞祥(集团)有限公司"),
        ("石家庄 瑞祥　商贸有限公司", "石家庄瑞祥商贸有限公司"),
        ("石家莊瑞祥商貿有限公司", "石家庄瑞祥商贸有限公司"),
        ("ＡＢＣ科技", "abc科技"),
        ("河北Ａ１·食品【石家庄】店", "河北a1食品石家庄店"),
        ("石家庄瑞祥商贸有限公司\t", "石家庄瑞祥商贸有限公司"),
    ],
)
def test_no_difference(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("石家庄瑞祥商贸有限公司", "石家庄瑞详商贸有限公司"),
        ("石家庄瑞祥商贸有限公司", "石家庄瑞祥商贸有限公司第一分公司"),
        ("长安区小米饭店", "桥西区小米饭店"),
    ],
)
def test_a_difference(one, other):
    assert fold(one) != fold(other)


def test_a_rare_character_stays():
    assert "𠮷" in fold("𠮷野家（石家庄）店")


def test_pinyin_and_initials_without_tones():
    assert pinyin("石家庄瑞祥") == ("shi", "jia", "zhuang", "rui", "xiang")
    assert initials("石家庄瑞祥") == "sjzrx"
    assert initials("石家庄A1食品") == "sjza1sp"
    assert pinyin("绿") == ("lv",)


def test_the_index_holds_all_names_and_their_initials():
    terms = search_terms("瑞祥商贸", ["旧名"])
    assert {"瑞祥", "祥商", "商贸", "旧名", ":rx", ":xs", ":sm", ":jm"} == set(terms)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", QueryKind.TOO_SHORT),
        ("瑞", QueryKind.TOO_SHORT),
        ("（）", QueryKind.TOO_SHORT),
        ("瑞祥", QueryKind.NAME),
        ("91130105107743680U", QueryKind.CODE),
        ("130100000363655", QueryKind.CODE),
        ("sjzrx", QueryKind.INITIALS),
        ("ruixiang", QueryKind.PINYIN),
        ("a1", QueryKind.INITIALS),
    ],
)
def test_how_a_query_is_read(text, kind):
    assert query_terms(text).kind is kind


def test_pinyin_is_cut_into_syllables():
    assert query_terms("shijiazhuang").syllables == ("shi", "jia", "zhuang")


@given(realistic)
def test_folding_twice_changes_nothing(name):
    assert fold(fold(name)) == fold(name)


@given(realistic, realistic)
def test_a_part_folds_to_a_part(one, other):
    assert fold(one + other) == fold(one) + fold(other)


@given(realistic)
def test_one_syllable_and_one_letter_a_character(name):
    assert len(pinyin(name)) == len(initials(name)) == len(fold(name))


@given(realistic, realistic)
def test_every_query_that_is_a_part_of_a_name_finds_its_terms(before, after):
    name = f"{before}瑞祥{after}"
    query = query_terms("瑞祥" + after)
    assert query.kind is QueryKind.NAME
    assert set(query.terms) <= set(search_terms(name, []))


@given(st.text(max_size=30))
def test_any_query_has_an_answer(text):
    assert isinstance(query_terms(text).kind, QueryKind)


def test_bigrams():
    assert names.bigrams("甲乙丙") == {"甲乙", "乙丙"}
    assert names.bigrams("甲") == set()
