"""The four 双公示 layouts: penalties and licences, of organisations and households, and of natural persons.

Field codes and names: standards.md 1.3 and 1.4. A code is known with and without underscores and in any
case, since header texts are folded before they are compared.
"""

from registry.services.imports.columns import Column, Layout, column


def _party(prefix: str) -> tuple[Column, ...]:
    return (
        column("name", "行政相对人名称", f"{prefix}_XDR_MC", required=True),
        column("category", "行政相对人类别", f"{prefix}_XDR_LB", required=True),
        column(
            "uscc",
            "行政相对人代码_1(统一社会信用代码)",
            "行政相对人代码_1",
            f"{prefix}_XDR_SHXYM",
            "统一社会信用代码",
            required=True,
        ),
        column(
            "registration_no",
            "行政相对人代码_2(工商注册号)",
            "行政相对人代码_2(工商登记码)",
            f"{prefix}_XDR_GSZC",
            "工商注册号",
        ),
        column("organisation_code", "行政相对人代码_3(组织机构代码)", f"{prefix}_XDR_ZZJG", "组织机构代码"),
        column("tax_no", "行政相对人代码_4(税务登记号)", "行政相对人代码_4", f"{prefix}_XDR_SWDJ", "税务登记号"),
        column(
            "institution_no",
            "行政相对人代码_5(事业单位证书号)",
            "行政相对人代码_5",
            f"{prefix}_XDR_SYDW",
            "事业单位证书号",
        ),
        column(
            "society_no",
            "行政相对人代码_6(社会组织登记证号)",
            "行政相对人代码_6",
            f"{prefix}_XDR_SHZZ",
            "社会组织登记证号",
        ),
        column(
            "representative",
            "法定代表人",
            "法定代表人(负责人)",
            "法定代表人姓名",
            "法定代表人/负责人",
            f"{prefix}_FRDB",
            f"{prefix}_FDDB",
        ),
        column("representative_id_type", "法定代表人证件类型", f"{prefix}_FR_ZJLX"),
        column(
            "representative_id", "法定代表人证件号码", "法定代表人身份证号", f"{prefix}_FR_ZJHM", f"{prefix}_FR_SFZH"
        ),
        *_person(prefix),
    )


def _person(prefix: str) -> tuple[Column, ...]:
    return (
        column("id_type", "证件类型", "自然人证件类型", "行政相对人证件类型", f"{prefix}_XDR_ZJLX"),
        column("id_number", "证件号码", "自然人证件号码", "行政相对人证件号码", f"{prefix}_XDR_ZJHM"),
    )


_DOUBT = column("doubt", "存疑原因", "代码存疑原因", "存疑说明")

_PENALTY = (
    column(
        "document_no",
        "行政处罚决定书文号",
        "行政处罚决定文书号",
        "处罚决定书文号",
        "决定书文号",
        "CF_WSH",
        required=True,
    ),
    column("unlawful_act", "违法行为类型", "CF_WFXW", required=True),
    column("facts", "违法事实", "CF_SY", required=True),
    column("legal_basis", "处罚依据", "CF_YJ", required=True),
    column("kinds", "处罚类别", "CF_CFLB", required=True),
    column("content", "处罚内容", "CF_NR", required=True),
    column("fine", "罚款金额(万元)", "罚款金额", "CF_NR_FK"),
    column("fine_yuan", "罚款金额(元)"),
    column(
        "confiscated",
        "没收违法所得、没收非法财物的金额(万元)",
        "没收违法所得、没收非法财物的金额",
        "没收金额(万元)",
        "CF_NR_WFFF",
    ),
    column("confiscated_yuan", "没收违法所得、没收非法财物的金额(元)", "没收金额(元)"),
    column("licence_affected", "暂扣或吊销证照名称及编号", "CF_NR_ZKDX"),
    column("decided_on", "处罚决定日期", "CF_JDRQ", required=True),
    column("valid_until", "处罚有效期", "CF_YXQ"),
    column("declared_until", "公示截止期", "公示截止日期", "公示期限", "CF_GSJZQ"),
    column("published_on", "公示日期", "公示时间", "公示起始日期"),
    column("severity", "失信严重程度", "处罚等级", "处罚档次", "CF_SXYZCD"),
    column("restriction_until", "限制截止日期", "限制期限至"),
    column("authority", "处罚机关", "CF_CFJG", required=True),
    column("authority_uscc", "处罚机关统一社会信用代码", "处罚机关代码", "CF_CFJGDM", required=True),
    column("source", "数据来源单位", "CF_SJLY", required=True),
    column("source_uscc", "数据来源单位统一社会信用代码", "数据来源单位代码", "CF_SJLYDM", required=True),
    column("remark", "备注", "BZ"),
    _DOUBT,
)

_LICENCE = (
    column("document_title", "行政许可决定文书名称", "许可决定文书名称", "XK_XKWS", required=True),
    column(
        "document_no",
        "行政许可决定文书号",
        "行政许可决定书文号",
        "行政许可决定文书文号",
        "许可决定文书号",
        "XK_WSH",
        required=True,
    ),
    column("licence_kind", "许可类别", "XK_XKLB", required=True),
    column("certificate_name", "许可证书名称", "XK_XKZS"),
    column("licence_no", "许可编号", "许可证书编号", "XK_XKBH"),
    column("content", "许可内容", "XK_NR", required=True),
    column("decided_on", "许可决定日期", "XK_JDRQ", required=True),
    column("valid_from", "有效期自", "XK_YXQZ", required=True),
    column("valid_until", "有效期至", "XK_YXQZI", required=True),
    column("authority", "许可机关", "XK_XKJG", required=True),
    column("authority_uscc", "许可机关统一社会信用代码", "许可机关代码", "XK_XKJGDM", required=True),
    column("current_status", "当前状态", "XK_ZT", required=True),
    column("source", "数据来源单位", "XK_LYDW", "XK_SJLY", required=True),
    column("source_uscc", "数据来源单位统一社会信用代码", "数据来源单位代码", "XK_LYDWDM", "XK_SJLYDM", required=True),
    column("remark", "备注", "BZ"),
    _DOUBT,
)

_NAME_CF = column("name", "行政相对人名称", "CF_XDR_MC", required=True)
_NAME_XK = column("name", "行政相对人名称", "XK_XDR_MC", required=True)


def _required(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(Column(each.key, each.names, required=True) for each in columns)


PENALTY_ORGANISATION = Layout("penalty.organisation", "penalties", (*_party("CF"), *_PENALTY))
PENALTY_PERSON = Layout("penalty.person", "penalties", (_NAME_CF, *_required(_person("CF")), *_PENALTY))
LICENCE_ORGANISATION = Layout("licence.organisation", "licences", (*_party("XK"), *_LICENCE))
LICENCE_PERSON = Layout("licence.person", "licences", (_NAME_XK, *_required(_person("XK")), *_LICENCE))

PENALTIES = (PENALTY_ORGANISATION, PENALTY_PERSON)
LICENCES = (LICENCE_ORGANISATION, LICENCE_PERSON)

_OLD_CODES = (
    "行政相对人代码_2(组织机构代码)",
    "行政相对人代码_3(工商登记码)",
    "行政相对人代码_3(工商注册号)",
    "行政相对人代码_5(居民身份证号)",
    "行政相对人代码_5(身份证号)",
    "居民身份证号",
    "行政相对人代码_2",
    "行政相对人代码_3",
)
OLD_PENALTY_COLUMNS = (
    *_OLD_CODES,
    "CF_XDR_ZDM",
    "CF_XDR_GSDJ",
    "CF_XDR_SFZ",
    "CF_CFMC",
    "处罚名称",
    "CF_CFLB1",
    "CF_CFLB2",
    "处罚类别1",
    "处罚类别2",
    "处罚事由",
    "CF_JG",
    "处罚结果",
    "CF_XZJG",
    "CF_ZT",
)
OLD_LICENCE_COLUMNS = (
    *_OLD_CODES,
    "XK_XDR_ZDM",
    "XK_XDR_GSDJ",
    "XK_XDR_SFZ",
    "XK_XMMC",
    "项目名称",
    "审批类别",
    "XK_SPLB",
    "XK_XZJG",
)
