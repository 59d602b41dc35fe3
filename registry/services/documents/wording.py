"""The words of a document, composed once when it is issued: those of the case, and the standing ones of its rule set.

A body is `{authority, number, to, to_no, paragraphs: [text], signed: {prepared, decided}, on}`; it holds every word that is
printed, so that a later wording changes nothing that was issued.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models import Authority
from registry.rules import document_texts, rule_sets
from registry.rules.abnormal_cases import report_period_ends_on
from registry.rules.document_texts import DocumentText
from registry.rules.documents import DocumentKind
from registry.rules.rule_sets import RuleSet

_UNSAID = "（略）"


def compose(
    kind: DocumentKind,
    *,
    authority: Authority,
    printed_no: str,
    rule_set: str,
    on: date,
    particulars: Mapping[str, Any],
    prepared_by: str | None = None,
    decided_by: str | None = None,
) -> tuple[str, dict[str, Any]]:
    """Title and body of a document.

    `particulars`: `party` (name) and `party_no`; `facts`, `basis`, `decision` where the case words them itself, else the
    standing words for its `reason` are taken; `household` where the party is one; `paragraphs`, more of them, in order; days
    as date or ISO 8601, whatever else the standing words name. `title` overrides that of the kind.
    """
    rules = rule_sets.get(rule_set)
    text = document_texts.text_of(kind, rule_set, household=bool(particulars.get("household")))
    year = particulars.get("report_year")
    ends = {"report_ends": day_words(report_period_ends_on(int(year), rules))} if year else {}
    named = _Named(ends | _standing(rules, authority) | {key: _printed(value) for key, value in particulars.items()})
    paragraphs = [*_facts(text, particulars, named), _decision(text, particulars, named)]
    paragraphs += [str(each) for each in particulars.get("paragraphs", ())]
    said = [each for each in text.closing if particulars.get("measures") or "{measures}" not in each]
    paragraphs += [sentence.format_map(named) for sentence in said]
    if text.remedies:
        paragraphs.append(document_texts.REMEDIES.format_map(named))
    body = {
        "authority": authority.name,
        "number": printed_no,
        "to": particulars.get("party"),
        "to_no": particulars.get("party_no"),
        "paragraphs": paragraphs,
        "signed": {"prepared": _account(prepared_by), "decided": _account(decided_by)},
        "on": on.isoformat(),
    }
    return str(particulars.get("title") or text.title), body


def day_words(day: date) -> str:
    """2026年7月14日."""
    return f"{day.year}年{day.month}月{day.day}日"


class _Named(dict[str, str]):
    """What sentences may name; what a case does not tell is printed as left out."""

    def __missing__(self, key: str) -> str:
        return _UNSAID


def _facts(text: DocumentText, particulars: Mapping[str, Any], named: _Named) -> list[str]:
    given = str(particulars.get("facts") or "").strip()
    if given:
        return [given]
    standing = _for_reason(text.facts, particulars)
    return [standing.format_map(named)] if standing else []


def _decision(text: DocumentText, particulars: Mapping[str, Any], named: _Named) -> str:
    basis = str(particulars.get("basis") or "").strip() or _for_reason(text.basis, particulars)
    decision = str(particulars.get("decision") or "").strip() or text.decision.format_map(named)
    return f"依据{basis}，本机关决定：{decision}" if basis else decision


def _for_reason(texts: Mapping[str, str], particulars: Mapping[str, Any]) -> str:
    return texts.get(str(particulars.get("reason") or ""), texts.get("", ""))


def _standing(rules: RuleSet, authority: Authority) -> dict[str, str]:
    """Lengths as the rule set has them, and the bodies that the authority names."""
    deadlines = rules.deadlines
    return {
        "review": str(deadlines["ask_for_review"].amount),
        "court_months": str(deadlines["go_to_court"].amount),
        "object_days": str(deadlines["object"].amount),
        "order_days": str(deadlines["order_to_publish"].amount),
        "hearing_days": str(deadlines["request_hearing"].amount),
        "accept_days": str(deadlines["accept_repair"].amount),
        "decide_days": str(deadlines["decide_repair"].amount),
        "violation_months": str(rules.listings.violation_months),
        "violation_repair_after": str(rules.listings.violation_repair_after),
        "government": authority.settings.get("review_government") or document_texts.GOVERNMENT,
        "court": authority.settings.get("court") or document_texts.COURT,
    }


def _printed(value: Any) -> str:
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, str):
        try:
            return day_words(date.fromisoformat(value)) if len(value) == len("2026-03-02") else value
        except ValueError:
            return value
    if isinstance(value, list | tuple):
        return "；".join(_printed(each) for each in value)
    if isinstance(value, Mapping):  # a measure: what it is, and the law it rests on
        return "，".join(str(value[name]) for name in ("title", "legal_basis") if value.get(name))
    return "" if value is None else str(value)


def _account(actor: str | None) -> str | None:
    return actor.partition(":")[2] if actor else None
