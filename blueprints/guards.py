"""Who may call a route. Every view carries one of these; `tests/test_architecture.py` looks for `view.access`."""

from collections.abc import Callable, Collection
from functools import wraps
from ipaddress import ip_address
from typing import Any, TypeVar, cast

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.errors import problem
from blueprints.signed_in import current_officer, current_session, forget, here, vault
from registry import clock
from registry.config import Network, Settings
from registry.errors import NotAllowed
from registry.rules.account_policy import POLICY
from registry.rules.roles import ADMINISTRATORS, Role
from registry.services import access_log, admission, sessions, sign_in
from registry.services.admission import Admission, Asked
from registry.services.api_clients import Scope, hash_of
from registry.transaction import transaction

View = TypeVar("View", bound=Callable[..., Any])


def open_to_all(view: View) -> View:
    """Anybody may look, signed in or not. What is shown is decided by queries on public findings."""
    view.access = "public"  # type: ignore[attr-defined]  # the mark that the architecture test reads
    return view


class NotMonitoring(NotAllowed):
    """The network address is none of the monitoring."""

    code = "not_monitoring"


def for_monitoring(view: View) -> View:
    """Only network addresses of METRICS_ADDRESSES, whoever is signed in."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not _comes_from(current_app.extensions["registry_settings"].metrics_networks):
            raise NotMonitoring("Your network may not read this.")
        return cast(ResponseReturnValue, view(*args, **kwargs))

    guarded.access = "monitoring"  # type: ignore[attr-defined]  # the mark that the architecture test reads
    return cast(View, guarded)


def _comes_from(networks: Collection[Network]) -> bool:
    """Whether this request does. One without an address, as from a socket of this machine, may be anybody's."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(address in network for network in networks)


class NotFromHere(NotAllowed):
    """Administrators work from the networks of REGISTRY_ADMIN_NETWORKS only."""

    code = "not_from_here"


def may_administer_from_here() -> bool:
    """Whether the address of this request is one of administrators (GB/T 22239-2019, 8.1.4.4 d); any, where none is set."""
    networks = current_app.extensions["registry_settings"].admin_networks
    return not networks or _comes_from(networks)


def _check_place() -> None:
    """End the session of an administrator that is met elsewhere, and refuse: its cookie is on the wrong machine."""
    own_session = current_session()
    if own_session is None or not own_session.officer.has(*ADMINISTRATORS) or may_administer_from_here():
        return
    with transaction():
        sessions.end(own_session)
        access_log.note(
            "console.refused", actor=f"officer:{own_session.officer.name}", purpose=request.path, status=403
        )
    forget()
    raise NotFromHere("Administrators cannot work from your network.")


class NotYourOffice(NotAllowed):
    """The officer's roles do not open this."""

    code = "not_your_office"


def officers(*roles: Role) -> Callable[[View], View]:
    """Only officers with one of these roles (any role when none is named), both factors passed, password not overdue."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            _check_place()
            first = _still_to_do()
            if first is not None:
                return redirect(url_for(first, next=here()), 303)
            officer = current_officer()
            if roles and not officer.has(*roles):
                with transaction():
                    access_log.note(
                        "console.refused", actor=f"officer:{officer.name}", purpose=request.path, status=403
                    )
                raise NotYourOffice("Your roles do not open this page.")
            return cast(ResponseReturnValue, view(*args, **kwargs))

        guarded.access = "officers"  # type: ignore[attr-defined]  # the mark that the architecture test reads
        guarded.roles = frozenset(roles or Role)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return guard


def stepped_up(view: View) -> View:
    """Below `officers`: what approves or exports needs a code of the last minutes, or one in the form's field `otp`.

    Without a right code the answer asks for one and holds what was typed; the form goes on from there.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        own_session = current_session()
        assert own_session is not None
        if not sessions.is_stepped_up(own_session):
            code = request.form.get("otp", "")
            with transaction():
                right = bool(code) and sign_in.step_up(own_session, vault(), code)
            if not right:
                return _ask_for_code(refused=bool(code)), 403
        return cast(ResponseReturnValue, view(*args, **kwargs))

    guarded.steps_up = True  # type: ignore[attr-defined]
    return cast(View, guarded)


def _ask_for_code(*, refused: bool) -> str:
    own_session = current_session()
    if own_session is None or own_session.ended_at is not None:  # too many wrong codes have ended it
        forget()
        return render_template("auth/login.html", next=here(), refused=True)
    return render_template(
        "auth/step_up.html",
        refused=refused,
        kept=[(name, value) for name, value in request.form.items(multi=True) if name not in NOT_FIELDS],
        back=here(),
        minutes=POLICY.step_up_lasts.seconds // 60,
    )


def signing_in(view: View) -> View:
    """A step of signing in: open to somebody whose password was right, and to officers who are in."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if current_session() is None:
            return redirect(url_for("auth.login", next=here()), 303)
        _check_place()
        return cast(ResponseReturnValue, view(*args, **kwargs))

    guarded.access = "signing_in"  # type: ignore[attr-defined]
    return cast(View, guarded)


def _still_to_do() -> str | None:
    """The step of signing in that is still missing; None for an officer who is in."""
    own_session = current_session()
    if own_session is None:
        return "auth.login"
    if own_session.second_factor_at is None:
        return "auth.code"
    if sign_in.must_change_password(own_session.officer):
        return "auth.password"
    return None


NOT_FIELDS = frozenset({"csrf_token", "otp"})
"""What every form may carry beside its fields."""


def form_fields() -> dict[str, Any]:
    """The submitted form without its CSRF token and its code, as schemas load it."""
    return {name: value for name, value in request.form.items() if name not in NOT_FIELDS}


HINTS = {
    Scope.CHECK: "Ask for up to 1,000 merchants with one POST /api/v1/checks: it counts as one request.",
    Scope.SEARCH: "Look merchants up by their code with POST /api/v1/checks: 1,000 of them count as one request.",
}
ANONYMOUS_HINT = "Proofs and heads can be kept: ask again with If-None-Match, and only once a minute for a new head."
LONGEST_PURPOSE = 64


def api_key(scope: Scope) -> Callable[[View], View]:
    """Only a client with this scope, within its limit; each request is counted and logged before the view runs."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            admitted = admission.admit(asked_by_client(scope))
            return refusal(admitted, scope) or cast(ResponseReturnValue, view(*args, **kwargs))

        guarded.access = f"api:{scope.value}"  # type: ignore[attr-defined]  # the mark that the architecture test reads
        return cast(View, guarded)

    return guard


def api_key_counted_inside(scope: Scope) -> Callable[[View], View]:
    """Only a client with this scope: the view itself admits it, in the statement that finds the answer.

    Such a view calls `asked_by_client` and returns `refusal(...)` where that is not None.
    """

    def guard(view: View) -> View:
        view.access = f"api:{scope.value}"  # type: ignore[attr-defined]
        return view

    return guard


def asked_by_client(scope: Scope) -> Asked:
    """This request, as the admission of clients takes it. A missing key is one that nobody has."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    known = key.strip() if scheme.lower() == "bearer" else ""
    purpose = request.args.get("purpose")
    return Asked(
        hash_of(known), scope, clock.now(), g.request_id, scope.value, purpose[:LONGEST_PURPOSE] if purpose else None
    )


def refusal(admitted: Admission | None, scope: Scope) -> ResponseReturnValue | None:
    """Why this request gets no answer: no key (counted by its address, so that keys cannot be tried), no right, too many."""
    if admitted is None:
        over = count_address()
        if over is not None:
            return over
        answer = problem(401, "unauthorized", "A valid key is needed: Authorization: Bearer <key>.")
        answer.headers["WWW-Authenticate"] = 'Bearer realm="registry"'
        return answer
    g.admission = admitted
    if not admitted.allowed:
        return problem(403, "scope_missing", f"This key may not ask here: it lacks the scope {scope.value}.")
    return too_many(admitted, HINTS[scope]) if admitted.over else None


def count_address() -> ResponseReturnValue | None:
    """Count a request that needs no key by its network address; the answer where that was one too many."""
    settings: Settings = current_app.extensions["registry_settings"]
    moment = clock.now()
    subject = admission.address_subject(request.remote_addr or "", settings.secret_key, moment)
    g.admission = admission.admit_address(subject, settings.anonymous_per_minute, moment)
    return too_many(g.admission, ANONYMOUS_HINT) if g.admission.over else None


def too_many(admitted: Admission, hint: str) -> ResponseReturnValue:
    """429 with the seconds to wait and the cheaper way."""
    answer = problem(429, "too_many_requests", "The limit of this minute is reached.", hint=hint)
    answer.headers["Retry-After"] = str(admitted.reset)
    return answer
