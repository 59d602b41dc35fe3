import pytest

from bench.query_sets import query_sets, trade_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("石家庄友安建材有限公司", "友安建材有限公司"),
        ("石家庄市友安建材有限公司", "友安建材有限公司"),
        ("新华区艾融宠物用品店（个体工商户）", "艾融宠物用品店"),
        ("五锦（石家庄）文化传播有限公司", "五锦文化传播有限公司"),
        ("河北长安贸易有限公司", "长安贸易有限公司"),
    ],
)
def test_a_trade_name_begins_behind_the_place(name: str, expected: str) -> None:
    assert trade_name(name) == expected


def test_each_kind_asks_for_the_operator_it_was_made_from() -> None:
    kinds = query_sets([("A", "石家庄华丽建材（河北）有限公司", ""), ("B", "赵县长兴饭店", "赵县老店1号")])
    assert kinds["2 characters"] == [("华丽", "A"), ("长兴", "B")]
    assert kinds["brackets of the other width"] == [("石家庄华丽建材(河北)有限公司", "A")]
    assert kinds["a former name"] == [("赵县老店1号", "B")]
    assert kinds["traditional characters"][0] == ("華麗建材有限", "A")
    assert kinds["pinyin"][0] == ("hualijiancai", "A")
    assert kinds["initials"][0] == ("hljcyx", "A")


def test_a_wrong_character_leaves_the_length_and_changes_one_place() -> None:
    name = "石家庄友安建材有限公司"
    ((typed, _),) = query_sets([("A", name, "")])["one wrong character"]
    assert len(typed) == len(name)
    assert sum(one != other for one, other in zip(typed, name, strict=True)) == 1
