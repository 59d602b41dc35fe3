"""What officers do with their own accounts: end sessions elsewhere, set up another phone."""

from models import OfficerSession
from registry.services import access_log, sessions


def end_other_sessions(session: OfficerSession) -> None:
    """End every session of the officer but this one. The caller commits."""
    sessions.end_all(session.officer, but=session)
    access_log.note("officer.sessions_ended", actor=f"officer:{session.officer.name}")


def renew_phone(session: OfficerSession) -> None:
    """Forget the phone: this session must enrol another one before it goes on, all others end. The caller commits.

    The last used time step stays, so that no code of the old phone's time works a second time.
    """
    officer = session.officer
    officer.totp_secret = officer.totp_confirmed_at = None
    session.second_factor_at = session.stepped_up_at = None
    sessions.end_all(officer, but=session)
    access_log.note("officer.phone_renewed", actor=f"officer:{officer.name}")
