"""The next number of a document: its own counter for each authority, kind and year."""

from sqlalchemy import literal_column
from sqlalchemy.dialects.postgresql import insert

from models import Authority, DocumentCounter, db
from registry.rules.documents import DocumentKind, DocumentNumber


def next_number(authority: Authority, kind: DocumentKind, year: int) -> DocumentNumber:
    """Draw the next number. The row stays locked until the transaction ends, so that nothing is skipped or given twice:

    a decision that is rolled back gives its number back, and another one of the same kind waits for it that long.
    """
    drawn = (
        insert(DocumentCounter)
        .values(authority_id=authority.id, kind=kind, year=year, last=1)
        .on_conflict_do_update(
            index_elements=["authority_id", "kind", "year"], set_={"last": literal_column("document_counter.last + 1")}
        )
        .returning(DocumentCounter.last)
    )
    return DocumentNumber(kind, year, db.session.execute(drawn).scalar_one())
