"""Rows for tests of imports, as a file would bring them: a test states only what it is about."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from registry.config import derived_matching_key
from registry.ledger import Actor
from registry.rules import uscc
from registry.services.imports.headers import Headings
from registry.services.imports.preparing import Preparation, Refused, prepare
from registry.services.personal_values import Vault

DAY = date(2026, 11, 24)
VAULT = Vault(bytes(range(32)), derived_matching_key(bytes(range(32))))
AUTHORITY_NAME = "石家庄市长安区市场监督管理局"


def code(first_17: str) -> str:
    """A code with its right check character."""
    return first_17 + uscc.check_character(first_17)


def wrong(good: str) -> str:
    """The same code with a wrong check character."""
    return good[:17] + ("0" if good[17] != "0" else "1")


AUTHORITY_CODE = code("11130102000000002")
ENTERPRISE = code("91130102MA0000001")
HOUSEHOLD = code("92130102MA0000002")


def operator_row(**cells: str) -> dict[str, str]:
    """A row of the registration layout."""
    return {
        "企业名称": "石家庄瑞祥商贸有限公司",
        "统一社会信用代码": ENTERPRISE,
        "注册日期": "2019-03-02",
        "企业类型": "有限责任公司(自然人投资或控股)",
        "法人代表": "张三丰",
        "注册资金": "100万元人民币",
        "经营范围": "食品销售",
        "所在省份": "河北省",
        "地区": "石家庄市长安区",
        "注册地址": "石家庄市长安区中山路1号",
        **cells,
    }


def penalty_row(**cells: str) -> dict[str, str]:
    """A fine of 20,000 yuan on an enterprise, of the organisation layout."""
    return {
        "行政相对人名称": "石家庄瑞祥商贸有限公司",
        "行政相对人类别": "法人及非法人组织",
        "行政相对人代码_1(统一社会信用代码)": ENTERPRISE,
        "行政相对人代码_2(工商注册号)": "",
        "行政相对人代码_5(事业单位证书号)": "",
        "法定代表人": "张三丰",
        "证件类型": "",
        "证件号码": "",
        "行政处罚决定书文号": "石长市监罚〔2026〕21号",
        "违法行为类型": "虚假宣传",
        "违法事实": "当事人虚构交易评价。",
        "处罚依据": "《中华人民共和国反不正当竞争法》第二十条",
        "处罚类别": "罚款",
        "处罚内容": "罚款20000元",
        "罚款金额（万元）": "2",
        "没收违法所得、没收非法财物的金额（万元）": "",
        "暂扣或吊销证照名称及编号": "",
        "处罚决定日期": "2026/11/10",
        "处罚有效期": "2099/12/31",
        "公示截止期": "",
        "处罚机关": AUTHORITY_NAME,
        "处罚机关统一社会信用代码": AUTHORITY_CODE,
        "数据来源单位": AUTHORITY_NAME,
        "数据来源单位统一社会信用代码": AUTHORITY_CODE,
        "备注": "",
        **cells,
    }


def person_row(**cells: str) -> dict[str, str]:
    """A fine on a natural person, of the layout of natural persons."""
    organisation = (
        "行政相对人类别",
        "行政相对人代码_1(统一社会信用代码)",
        "行政相对人代码_2(工商注册号)",
        "行政相对人代码_5(事业单位证书号)",
        "法定代表人",
    )
    row = {key: value for key, value in penalty_row().items() if key not in organisation}
    return {**row, "行政相对人名称": "欧阳建国", "证件类型": "身份证", "证件号码": identity_number(), **cells}


def identity_number(born: str = "19900307", serial: str = "123") -> str:
    """A valid citizen's number of an invented person."""
    body = f"130102{born}{serial}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def licence_row(**cells: str) -> dict[str, str]:
    """A food licence of an enterprise."""
    return {
        "行政相对人名称": "石家庄瑞祥商贸有限公司",
        "行政相对人类别": "法人及非法人组织",
        "行政相对人代码_1(统一社会信用代码)": ENTERPRISE,
        "行政许可决定文书名称": "准予食品经营许可决定书",
        "行政许可决定文书号": "石长市监许〔2026〕3号",
        "许可类别": "普通",
        "许可证书名称": "食品经营许可证",
        "许可编号": "JY11301020000001",
        "许可内容": "预包装食品销售",
        "许可决定日期": "2026-01-05",
        "有效期自": "2026-01-05",
        "有效期至": "2031-01-04",
        "许可机关": AUTHORITY_NAME,
        "许可机关统一社会信用代码": AUTHORITY_CODE,
        "当前状态": "1",
        "数据来源单位": AUTHORITY_NAME,
        "数据来源单位统一社会信用代码": AUTHORITY_CODE,
        "备注": "",
        **cells,
    }


def abnormal_row(**cells: str) -> dict[str, str]:
    """A stay on the abnormal list for a missing annual report."""
    return {
        "统一社会信用代码": ENTERPRISE,
        "注册号": "",
        "主体名称": "石家庄瑞祥商贸有限公司",
        "列入原因类型": "R1",
        "列入原因": "未依照规定的期限公示年度报告",
        "年报年度": "2025",
        "列入日期": "2026-07-08",
        "列入决定书文号": "石长市监异入〔2026〕第1号",
        "作出决定机关": AUTHORITY_NAME,
        "作出决定机关统一社会信用代码": AUTHORITY_CODE,
        "移出日期": "",
        "移出原因": "",
        **cells,
    }


def violation_row(**cells: str) -> dict[str, str]:
    """A stay on the violation list for food offences."""
    return {
        **abnormal_row(),
        "列入原因类型": "44-5",
        "列入原因": "使用非食品原料生产食品",
        "列入依据": "《市场监督管理严重违法失信名单管理办法》第五条",
        "列入决定书文号": "石长市监列严〔2026〕第1号",
        **cells,
    }


def read(kind: str, *rows: Mapping[str, str]) -> list[Any]:
    """Rows of one file, checked: what is to be applied, or Refused."""
    header = list(rows[0])
    return read_cells(kind, header, *([row[name] for name in header] for row in rows))


def read_cells(kind: str, header: list[str], *rows: list[str]) -> list[Any]:
    """The same for rows as they stand in the file."""
    headings = Headings.find(iter([(1, header)]), kind)
    preparation = Preparation(kind, headings.binding, DAY, "130100", Actor("import", "1"), VAULT, None)
    return prepare(preparation, list(enumerate(rows, 2)))


def refusals(kind: str, row: Mapping[str, str]) -> set[tuple[str, str]]:
    """(header, code) of everything that forbids a row; empty for a sound one."""
    (prepared,) = read(kind, row)
    return {(fault.field, fault.code) for fault in prepared.faults} if isinstance(prepared, Refused) else set()


def flags(kind: str, row: Mapping[str, str]) -> set[tuple[str, str]]:
    """(header, code) of everything that somebody should look at in a row that is taken in."""
    (prepared,) = read(kind, row)
    assert not isinstance(prepared, Refused), prepared.faults
    return {(fault.field, fault.code) for fault in prepared.flagged}


def bound(kind: str, header: Sequence[str]) -> dict[str, str]:
    """Which column of a layout each header was bound to: {key: header}."""
    return Headings.find(iter([(1, list(header))]), kind).binding.headers
