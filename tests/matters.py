"""Forms and desks for tests of the console: a test states only what it is about."""

from registry.ledger import Actor
from registry.services.matters import Desk
from tests.import_rows import VAULT

DESK = Desk("130100", VAULT)
FIRST, SECOND, THIRD = Actor("officer", "zhang"), Actor("officer", "li"), Actor("officer", "wang")


def penalty_form(operator, **cells):
    """A fine of 20,000 yuan of 10 November 2026, ready to be submitted."""
    return {
        "category": "法人及非法人组织",
        "name": operator.name,
        "uscc": operator.uscc,
        "representative": "张三丰",
        "document_no": "石长市监罚〔2026〕21号",
        "unlawful_act": "虚假宣传",
        "facts": "当事人虚构交易评价。",
        "legal_basis": "《中华人民共和国反不正当竞争法》第二十条",
        "kinds": "罚款",
        "content": "罚款20000元",
        "fine": "2",
        "decided_on": "2026-11-10",
        "told": "1",
        **cells,
    }


def licence_form(operator, **cells):
    """A food licence of five years."""
    return {
        "category": "法人及非法人组织",
        "name": operator.name,
        "uscc": operator.uscc,
        "document_title": "准予食品经营许可决定书",
        "document_no": "石长市监许〔2026〕3号",
        "licence_kind": "普通",
        "certificate_name": "食品经营许可证",
        "licence_no": "JY11301020000001",
        "content": "预包装食品销售",
        "decided_on": "2026-11-05",
        "valid_from": "2026-11-05",
        "valid_until": "2031-11-04",
        "current_status": "1",
        **cells,
    }


def person_form(number, **cells):
    """The same fine on a natural person."""
    return {
        "category": "自然人",
        "name": "欧阳建国",
        "id_type": "身份证",
        "id_number": number,
        "document_no": "石长市监罚〔2026〕22号",
        "unlawful_act": "无照经营",
        "facts": "当事人欧阳建国未取得营业执照经营。",
        "legal_basis": "《无证无照经营查处办法》第十三条",
        "kinds": "罚款",
        "content": "罚款5000元",
        "fine": "0.5",
        "decided_on": "2026-11-10",
        "told": "1",
        **cells,
    }
