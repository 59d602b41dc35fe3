"""The words of a notice, in Chinese: that something was decided or is due, and where to read it; no fact of the case."""

from flask_babel import force_locale
from flask_babel import gettext as _

from models import IssuedDocument, Proceeding

LANGUAGE = "zh_Hans_CN"


def compose(proceeding: Proceeding, document: IssuedDocument | None) -> tuple[str, str]:
    """Subject and text. Whoever reads over the reader's shoulder learns that there is a document, not what it says."""
    authority = proceeding.authority.name
    with force_locale(LANGUAGE):
        if document is not None:
            subject = _("%(authority)s: %(title)s", authority=authority, title=document.title)
            text = _(
                "%(authority)s has issued %(title)s (%(number)s) to you on %(day)s. Please collect it there or read it with"
                " your query code.",
                authority=authority,
                title=document.title,
                number=document.printed_no,
                day=document.issued_on,
            )
        else:
            subject = _("%(authority)s: please act by %(day)s", authority=authority, day=proceeding.due_on)
            text = _(
                "In your case with %(authority)s the time to act ends on %(day)s.",
                authority=authority,
                day=proceeding.due_on,
            )
        free = _("Everything in this procedure is free of charge; no agent is needed.")
    return subject, f"{text}\n{free}"
