"""Narrowing what a search found: by kind, district and list, with what every other choice would give."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from models import Operator, db
from registry.queries.public_findings import lists_of
from registry.rules.merchant_status import FindingType
from registry.rules.operator import OperatorKind


@dataclass(slots=True)
class SearchFacets:
    """A reader's choice (None: any) and the counts; each leaves its own choice out."""

    kind: OperatorKind | None = None
    region: str | None = None
    listed: FindingType | None = None
    kinds: Counter[OperatorKind] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    lists: Counter[FindingType] = field(default_factory=Counter)

    @property
    def is_chosen(self) -> bool:
        """Something was chosen."""
        return bool(self.kind or self.region or self.listed)

    def narrow(self, operator_ids: Collection[int], day: date) -> set[int]:
        """Count these operators by what is public on `day`; the ones that answer to the whole choice."""
        listed = lists_of(operator_ids, day)
        rows = db.session.execute(
            select(Operator.id, Operator.kind, Operator.region).where(Operator.id == func.any(list(operator_ids)))
        )
        kept = set()
        for operator_id, kind, region in rows:
            on = listed.get(operator_id, [])
            right_kind = self.kind in {None, kind}
            right_region = self.region in {None, region}
            right_list = self.listed is None or self.listed in on
            if right_region and right_list:
                self.kinds[kind] += 1
            if right_kind and right_list and region:
                self.regions[region] += 1
            if right_kind and right_region:
                self.lists.update(on)
            if right_kind and right_region and right_list:
                kept.add(operator_id)
        return kept
