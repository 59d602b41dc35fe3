"""What a penalty and a licence say about the party and about who hands the record on (双公示, standards.md 1.3 and 1.4)."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.authority import Authority
from models.operator import Operator
from registry.rules.operator import PartyCategory


class PartyMixin:
    """Party, deciding authority and source of one decision.

    `party_key` is who the decision is about, in the natural key: the USCC, `reg:<number>` or `person:<hmac>`.
    `personal` names the personal values that belong to the record: `{field: digest}`; the values themselves stand in
    `personal_value` only.
    """

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    party_category: Mapped[PartyCategory]
    party_name: Mapped[str]
    party_key: Mapped[str]
    party_codes: Mapped[dict[str, Any]]
    legal_representative: Mapped[str | None]
    document_no: Mapped[str]
    document_no_key: Mapped[str]
    source_name: Mapped[str]
    source_uscc: Mapped[str]
    remark: Mapped[str | None]
    personal: Mapped[dict[str, Any]]

    @declared_attr
    def operator(cls) -> Mapped[Operator]:
        return relationship()

    @declared_attr
    def authority(cls) -> Mapped[Authority]:
        return relationship()
