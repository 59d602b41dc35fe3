"""Issuing a document: it gets its number, its words are fixed for ever, and its file is made from them later."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from models import Authority, IssuedDocument, Proceeding, db
from registry.clock import now
from registry.ledger.canonical import canonical
from registry.rules.documents import PATTERN, DocumentKind
from registry.services.documents import wording
from registry.services.documents.numbering import next_number


def issue(
    kind: DocumentKind,
    *,
    authority: Authority,
    rule_set: str,
    on: date,
    particulars: Mapping[str, Any],
    proceeding: Proceeding | None = None,
    record_id: str | None = None,
    prepared_by: str | None = None,
    decided_by: str | None = None,
) -> IssuedDocument:
    """Issue one document within the caller's transaction.

    `particulars` are what its words speak of (see `wording`): days as date, texts as they stand. `prepared_by` and
    `decided_by` are the two officers that sign, as ledger actors. The body is fixed here; nothing changes it later.
    """
    number = next_number(authority, kind, on.year)
    printed_no = number.printed(
        authority.settings.get("document_word") or authority.name,
        authority.settings.get("document_pattern") or PATTERN,
    )
    title, body = wording.compose(
        kind,
        authority=authority,
        printed_no=printed_no,
        rule_set=rule_set,
        on=on,
        particulars=particulars,
        prepared_by=prepared_by,
        decided_by=decided_by,
    )
    document = IssuedDocument(
        authority_id=authority.id,
        kind=kind,
        year=number.year,
        number=number.number,
        sub_number=number.sub_number,
        printed_no=printed_no,
        title=title,
        proceeding_id=proceeding.id if proceeding else None,
        record_id=record_id,
        rule_set=rule_set,
        body=body,
        body_sha256=hashlib.sha256(canonical(body)).digest(),
        prepared_by=prepared_by,
        decided_by=decided_by,
        issued_on=on,
        issued_at=now(),
    )
    db.session.add(document)
    db.session.flush()
    return document
