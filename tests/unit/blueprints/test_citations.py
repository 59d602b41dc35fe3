"""Citations of rule sets in the reader's language."""

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

from blueprints.pages.citations import basis, chinese_numeral, citation
from registry.rules.penalty_procedure import TRANSITIONS
from registry.rules.rule_sets import all_sets


@pytest.fixture(scope="module")
def babel():
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("held", "chinese", "english"),
    [
        ("公示规定 art. 4–9, 16", "《公示规定》第四条至第九条、第十六条", "公示规定 art. 4–9, 16"),
        (
            "公示规定 art. 11; 处罚法 art. 48",
            "《公示规定》第十一条；《处罚法》第四十八条",
            "公示规定 art. 11; 处罚法 art. 48",
        ),
        ("条例 (2014) art. 12-13", "《条例》（2014）第十二条至第十三条", "条例 (2014) art. 12–13"),
        ("发改办财金〔2018〕424号", "发改办财金〔2018〕424号", "发改办财金〔2018〕424号"),
        ("信用修复管理办法", "《信用修复管理办法》", "信用修复管理办法"),
        (
            "条例 art. 12, 三日 by analogy with art. 11",
            "《条例》第十二条（三日，参照第十一条）",
            "条例 art. 12, 三日 by analogy with art. 11",
        ),
    ],
)
def test_a_citation_is_written_as_the_language_writes_it(babel, held, chinese, english):
    with force_locale("zh"):
        assert citation(held) == chinese
    with force_locale("en"):
        assert citation(held) == english


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (3, "三"),
        (10, "十"),
        (16, "十六"),
        (20, "二十"),
        (103, "一百零三"),
        (110, "一百一十"),
        (1003, "一千零三"),
        (1260, "一千二百六十"),
    ],
)
def test_numbers_are_written_as_law_writes_them(number, words):
    assert chinese_numeral(number) == words


@given(st.integers(1, 9999))
def test_no_two_articles_are_written_alike(number):
    digits = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
    read = last = 0
    for character in "一" * (10 <= number < 20) + chinese_numeral(number):
        if character in digits:
            last = digits[character]
        elif character != "零":
            read, last = read + last * {"十": 10, "百": 100, "千": 1000}[character], 0
    assert read + last == number


def test_no_citation_of_the_procedure_or_of_a_deadline_stays_half_translated(babel):
    held = {row.article for row in TRANSITIONS}
    held |= {deadline.source for rules in all_sets() for deadline in rules.deadlines.values()}
    with force_locale("zh"):
        assert [each for each in held if "art." in citation(each)] == []


@pytest.mark.parametrize(
    ("printed", "chinese"),
    [
        (
            "企业经营异常名录管理暂行办法 (工商总局令68号) art. 4, 5",
            "《企业经营异常名录管理暂行办法》（工商总局令68号）第四条、第五条",
        ),
        ("个体工商户年度报告办法", "《个体工商户年度报告办法》"),
        ("《中华人民共和国食品安全法》第三十四条", "《中华人民共和国食品安全法》第三十四条"),
        ("企业信息公示条例第十七条", "企业信息公示条例第十七条"),
        ("当事人未按规定公示年度报告", "当事人未按规定公示年度报告"),
        ("未按规定公示年报，违反公示条例", "未按规定公示年报，违反公示条例"),
        (None, None),
    ],
)
def test_the_basis_of_a_record_stays_as_its_authority_printed_it(babel, printed, chinese):
    with force_locale("zh"):
        assert basis(printed) == chinese
