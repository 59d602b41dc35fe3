"""The words of a notice, in Chinese: that something was decided or is due, and where to read it; no fact of the case."""

from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from models import BatchKind, IssuedDocument, Proceeding

LANGUAGE = "zh_Hans_CN"


def compose(proceeding: Proceeding, document: IssuedDocument | None) -> tuple[str, str]:
    """Subject and text. Whoever reads over the reader's shoulder learns that there is a document, not what it says."""
    authority = proceeding.authority.name
    if document is not None:
        return of_document(authority, title=document.title, number=document.printed_no, day=document.issued_on)
    with force_locale(LANGUAGE):
        subject = _("%(authority)s: please act by %(day)s", authority=authority, day=proceeding.due_on)
        text = _(
            "In your case with %(authority)s the time to act ends on %(day)s.",
            authority=authority,
            day=proceeding.due_on,
        )
        return subject, _with_free(text)


def of_document(authority: str, *, title: str, number: str, day: date) -> tuple[str, str]:
    """Subject and text of a notice about one issued document."""
    with force_locale(LANGUAGE):
        subject = _("%(authority)s: %(title)s", authority=authority, title=title)
        text = _(
            "%(authority)s has issued %(title)s (%(number)s) to you on %(day)s. Please collect it there or read it with"
            " your query code.",
            authority=authority,
            title=title,
            number=number,
            day=day,
        )
        return subject, _with_free(text)


def of_mark(authority: str, kind: BatchKind, day: date | None) -> tuple[str, str]:
    """Subject and text for a household, whose mark begins or ends without a document (domain.md 5, SM-B)."""
    with force_locale(LANGUAGE):
        subject = _("%(authority)s: the state of your household business has changed", authority=authority)
        if kind is BatchKind.LIST:
            text = _(
                "On %(day)s %(authority)s marked your household business on the public register. Report the missing year"
                " to have the mark ended; you may object to it at the authority.",
                authority=authority,
                day=day,
            )
        else:
            text = _(
                "On %(day)s %(authority)s ended the mark of your household business on the public register.",
                authority=authority,
                day=day,
            )
        return subject, _with_free(text)


def _with_free(text: str) -> str:
    free = _("Everything in this procedure is free of charge; no agent is needed.")
    return f"{text}\n{free}"
