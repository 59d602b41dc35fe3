"""Issued documents in the console: their PDF, for officers in whose area the authority lies."""

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from blueprints.area import READERS, area
from blueprints.guards import officers
from models import IssuedDocument, db
from registry.config import Settings
from registry.services.documents.files import DocumentNotFound, document_pdf
from registry.transaction import transaction

blueprint = Blueprint("console_documents", __name__, url_prefix="/console/documents")


@blueprint.get("/<int:document_id>")
@officers(*READERS)
def show_document(document_id: int) -> ResponseReturnValue:
    """The file as it was issued."""
    document = db.session.execute(
        select(IssuedDocument).where(IssuedDocument.id == document_id, IssuedDocument.authority_id.in_(area()))
    ).scalar_one_or_none()
    if document is None:
        raise DocumentNotFound("There is no such document in your area.")
    return pdf_answer(document)


def pdf_answer(document: IssuedDocument) -> Response:
    """The PDF of a document as an answer that nobody keeps but who asked."""
    settings: Settings = current_app.extensions["registry_settings"]
    name = f"document-{document.id}.pdf"
    with transaction():
        pdf = document_pdf(document, settings)
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
