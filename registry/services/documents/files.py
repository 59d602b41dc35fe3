"""The PDF of an issued document: made once from its body, signed, and kept as it is."""

import hashlib

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from models import DocumentFile, IssuedDocument, db
from registry.clock import now
from registry.config import Settings
from registry.errors import NotFound
from registry.reports.official_document import render
from registry.services.credit_reports import signer_of

ANNEX = "本决定书为批量决定中对应经营主体的一份，文号按批次文号加顺序号编列。"


class DocumentNotFound(NotFound):
    """There is no such document, or none for whom asks."""

    code = "document_not_found"


def document_pdf(document: IssuedDocument, settings: Settings) -> bytes:
    """The file of a document. The first call makes and keeps it, in the caller's transaction; of two at once one is kept."""
    kept = _kept(document.id)
    if kept is not None:
        return kept
    pdf = render(
        document.body,
        title=document.title,
        issued_at=document.issued_at,
        signer=signer_of(settings.key_dir, settings.issuer_name),
        annex=ANNEX if document.sub_number else "",
    )
    made = insert(DocumentFile).values(
        document_id=document.id, pdf=pdf, sha256=hashlib.sha256(pdf).digest(), made_at=now()
    )
    db.session.execute(made.on_conflict_do_nothing(index_elements=["document_id"]))
    return _kept(document.id) or pdf


def _kept(document_id: int) -> bytes | None:
    return db.session.execute(
        select(DocumentFile.pdf).where(DocumentFile.document_id == document_id)
    ).scalar_one_or_none()
