"""The documents of a batch: one for each enterprise or cooperative, under the number of the batch (domain.md 5)."""

import hashlib
from collections.abc import Callable
from typing import Any

from models import BatchKind, ListingBatch, Operator
from registry.clock import now
from registry.ledger.canonical import canonical
from registry.rules import abnormal_wording as words
from registry.rules.documents import PATTERN, DocumentNumber
from registry.rules.listing import AbnormalReason
from registry.services.documents import wording
from registry.services.listing_batches import DOCUMENT


def printed_numbers(batch: ListingBatch) -> Callable[[int], str]:
    """How the number of each operator's document is printed, by its place in the initial list; needs a parent document."""
    mother, settings = batch.document, batch.authority.settings
    assert mother is not None
    word = settings.get("document_word") or batch.authority.name
    pattern = settings.get("document_pattern") or PATTERN
    return lambda position: DocumentNumber(mother.kind, mother.year, mother.number, position).printed(word, pattern)


def sub_document(batch: ListingBatch, position: int, operator: Operator, record_id: str) -> dict[str, Any]:
    """The row of the document of one operator under the number of its batch; the place in the initial list is its sub-number."""
    mother = batch.document
    assert mother is not None
    printed_no = printed_numbers(batch)(position)
    title, body = wording.compose(
        DOCUMENT[batch.kind],
        authority=batch.authority,
        printed_no=printed_no,
        rule_set=mother.rule_set,
        on=mother.issued_on,
        particulars={
            "party": operator.name,
            "party_no": operator.uscc or operator.registration_no,
            "basis": (words.listing_basis if batch.kind is BatchKind.LIST else words.removal_basis)(
                operator.kind, AbnormalReason.R1
            ),
            "reason": AbnormalReason.R1,
            "report_year": batch.report_year,
            "cured_on": mother.issued_on,
        },
        prepared_by=mother.prepared_by,
        decided_by=mother.decided_by,
    )
    return {
        "authority_id": batch.authority_id,
        "kind": mother.kind,
        "year": mother.year,
        "number": mother.number,
        "sub_number": position,
        "printed_no": printed_no,
        "title": title,
        "record_id": record_id,
        "rule_set": mother.rule_set,
        "body": body,
        "body_sha256": f"\\x{hashlib.sha256(canonical(body)).hexdigest()}",
        "prepared_by": mother.prepared_by,
        "decided_by": mother.decided_by,
        "issued_on": mother.issued_on,
        "issued_at": now(),
    }
