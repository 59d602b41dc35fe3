"""Our ledger head as peers get it: the newest that was signed, signed again under a key of the exchange."""

from models import db
from registry import signing_keys
from registry.clock import now
from registry.config import Settings
from registry.ledger import heads
from registry.ledger.heads import Head
from registry.ledger.tree import EMPTY_ROOT
from sync.keys import own_keys


def newest(settings: Settings) -> str:
    """The newest signed head. Signs the first one, also that nothing is there yet; the worker signs those after it."""
    head = heads.newest_head(db.session.connection())
    if head is not None:
        return own_keys(settings).sign_head(head)
    return covering(settings) or own_keys(settings).sign_head(Head(0, EMPTY_ROOT, now().replace(microsecond=0), ""))


def covering(settings: Settings) -> str | None:
    """A head over everything that is in the ledger now: the one for a batch must not end before its last message."""
    heads.sign_if_grown(db.engine, signing_keys.load_or_create(settings.key_dir))
    with db.engine.connect() as connection:
        head = heads.newest_head(connection)
    return None if head is None else own_keys(settings).sign_head(head)
