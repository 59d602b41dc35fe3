"""Our ledger head as peers get it: the newest that was signed, signed again under a key of the exchange."""

from models import db
from registry import signing_keys
from registry.config import Settings
from registry.ledger import heads
from sync.keys import own_keys


def newest(settings: Settings) -> str | None:
    """The newest signed head; None while the ledger is empty. Signs the first one; the worker signs those after it."""
    head = heads.newest_head(db.session.connection())
    if head is None:
        return covering(settings)
    return own_keys(settings).sign_head(head)


def covering(settings: Settings) -> str | None:
    """A head over everything that is in the ledger now: the one for a batch must not end before its last message."""
    heads.sign_if_grown(db.engine, signing_keys.load_or_create(settings.key_dir))
    with db.engine.connect() as connection:
        head = heads.newest_head(connection)
    return None if head is None else own_keys(settings).sign_head(head)
