"""What is hidden of natural persons (domain.md 3.12)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.masking import mask_identity_number, mask_mobile, mask_person_name, mask_text, names_person_data
from tests.import_rows import code, identity_number


@pytest.mark.parametrize(("name", "shown"), [("张三", "张*"), ("欧阳建国", "欧阳*"), ("欧阳", "欧*"), ("张", "*")])
def test_names_keep_their_surname(name, shown):
    assert mask_person_name(name) == shown


def test_numbers_of_persons_are_hidden_in_text():
    number = identity_number()
    text = f"当事人身份证号{number}，电话13812345678，住址：石家庄市长安区某小区1号楼，卡号6222021234567890123。罚款20000元"
    assert mask_text(text) == "当事人身份证号***，电话***，住址：***，卡号***。罚款20000元"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("张三，男，住河北省石家庄市长安区某路12号3单元。", "张三，男，住***。"),
        ("张三，现住石家庄市长安区某路12号。", "张三，现住***。"),
        ("户籍地：河北省唐山市路北区某村12号，居住地石家庄市某路1号", "户籍地：***，居住地***"),
    ],
)
def test_where_somebody_lives_is_hidden(said, shown):
    assert names_person_data(said)
    assert mask_text(said) == shown
    assert not names_person_data(shown)


def test_digits_of_full_width_are_digits():
    assert names_person_data("电话１３８００１３８０００")


@pytest.mark.parametrize("spelt", ["138 1234 5678", "+86-138-1234-5678", "13812345678"])
def test_mobile_numbers_in_any_spelling(spelt):
    assert mask_text(f"联系{spelt}。") == "联系***。"


@pytest.mark.parametrize(
    "public",
    [
        "统一社会信用代码91130105107743680U",
        "注册号130100000363655",
        "许可证编号JY11301020000001",
        "订单号202401011234567890",
        "旅客三人，住宿于石家庄市某酒店5号房",
        "住所：河北省石家庄市长安区某路1号",
        "罚款1000000元，石长市监罚〔2026〕21号",
    ],
)
def test_public_numbers_stay(public):
    assert mask_text(public) == public


def test_what_regulators_see():
    number = identity_number()
    assert mask_identity_number(number) == f"130***********{number[-4:]}"
    assert mask_mobile("13812345678") == "138****5678"


words = st.text("当事人销售假冒商品，。；：罚款元的", max_size=12)


@given(words, st.dates(date(1930, 1, 1), date(2020, 12, 31)), st.integers(1, 998), words)
def test_no_identity_number_survives(before, born, serial, after):
    number = identity_number(born=f"{born:%Y%m%d}", serial=f"{serial:03d}")
    masked = mask_text(f"{before}{number}{after}")
    assert number not in masked
    assert masked == f"{before}***{after}"


@given(words, st.integers(13_000_000_000, 19_999_999_999), words)
def test_no_mobile_number_survives(before, number, after):
    assert mask_text(f"{before}{number}{after}") == f"{before}***{after}"


@given(words, st.integers(0, 9_999_999), words)
def test_codes_of_organisations_are_public(before, serial, after):
    text = f"{before}{code(f'91130102MA{serial:07d}')}{after}"
    assert mask_text(text) == text


@given(st.text(max_size=30))
def test_a_masked_name_shows_no_more_than_a_surname(name):
    masked = mask_person_name(name)
    assert masked.endswith("*")
    assert len(masked) <= 3
    assert masked == "*" or name.strip().startswith(masked[:-1])
