"""Who asks, whether it may, and how often: a client's key, its exact limit, its line in the access log.

A window is a minute; its count stands in one row of the unlogged `rate_window`, so that all workers count together.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.queries.answering import answer
from registry.services.api_clients import Scope

WINDOW_SECONDS = 60
WINDOWS_KEPT = 10
"""Windows after which a count is deleted; nothing asks for it once its minute is over."""

CLIENT = """
    SELECT id, name, requests_per_minute AS quota, %(scope)s = ANY (scopes) AS allowed
      FROM api_client WHERE key_hash = %(key)s AND disabled_at IS NULL"""
"""The client of a key. For `WITH client AS (…)`."""

COUNTED = """
    INSERT INTO rate_window AS w (subject, "window", requests) SELECT 'client:' || id, %(window)s, 1 FROM client
    ON CONFLICT (subject, "window") DO UPDATE SET requests = w.requests + 1 RETURNING requests"""
"""This request, counted. For `WITH counted AS (…)`; the row stays locked until the statement ends."""

_ADMIT = f"""
WITH client AS MATERIALIZED ({CLIENT}), counted AS ({COUNTED}), logged AS (
    INSERT INTO access_log (at, event, client_id, request_id, purpose, status)
    SELECT %(at)s, %(event)s, client.id, %(request_id)s, %(purpose)s,
           CASE WHEN NOT allowed THEN 403 WHEN requests > quota THEN 429 ELSE 200 END
      FROM client, counted WHERE requests <= quota + 1
)
SELECT client.id, client.name, client.allowed, client.quota, counted.requests FROM client, counted
"""  # noqa: S608  # pieces of our own, no input
_IDENTIFY = f"SELECT id, name, allowed, quota, 0 FROM ({CLIENT}) client"  # noqa: S608
_COUNT_ADDRESS = """
INSERT INTO rate_window AS w (subject, "window", requests) VALUES (%(subject)s, %(window)s, 1)
ON CONFLICT (subject, "window") DO UPDATE SET requests = w.requests + 1 RETURNING requests
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it is admitted: the hash of the key it brought, what for, when, and its number."""

    key: bytes
    scope: Scope
    at: datetime
    request_id: str
    event: str
    purpose: str | None = None

    def parameters(self) -> dict[str, Any]:
        """Parameters of CLIENT, COUNTED and the access log."""
        return {
            "key": self.key,
            "scope": self.scope.value,
            "window": window_of(self.at),
            "at": self.at,
            "request_id": self.request_id,
            "event": self.event,
            "purpose": self.purpose,
        }


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a request. `client_id` is None for one that is counted by its address."""

    at: datetime
    client_id: int | None
    client_name: str | None
    allowed: bool
    quota: int
    requests: int

    @property
    def over(self) -> bool:
        """Whether the minute's limit was reached before."""
        return self.requests > self.quota

    @property
    def remaining(self) -> int:
        """Requests left in this minute."""
        return max(0, self.quota - self.requests)

    @property
    def reset(self) -> int:
        """Whole seconds until the next minute, at least one."""
        return WINDOW_SECONDS - int(self.at.timestamp()) % WINDOW_SECONDS


def window_of(moment: datetime) -> int:
    """The number of a moment's minute, since 1970."""
    return int(moment.timestamp()) // WINDOW_SECONDS


def admit(asked: Asked) -> Admission | None:
    """Count and log a request of a client; None where the key is unknown or disabled."""
    row = answer(lambda connection: connection.execute(_ADMIT, asked.parameters(), prepare=True).fetchone())
    return None if row is None else Admission(asked.at, *row)


def identify(asked: Asked) -> Admission | None:
    """Who asks, without counting yet; None where the key is unknown or disabled."""
    row = answer(lambda connection: connection.execute(_IDENTIFY, asked.parameters()).fetchone())
    return None if row is None else Admission(asked.at, *row)


def address_subject(address: str, secret: str, at: datetime) -> str:
    """What stands for a network address on one day, an IPv6 one by its /64; it cannot be led back without the node's secret."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        network = address
    else:
        network = str(ipaddress.ip_network((parsed, 64), strict=False) if parsed.version == 6 else parsed)
    return hmac.new(secret.encode(), f"reader {at.date()} {network}".encode(), hashlib.sha256).hexdigest()[:32]


def admit_address(subject: str, quota: int, at: datetime) -> Admission:
    """Count a request that brought no valid key, by what stands for its network address (`address_subject`)."""
    parameters = {"subject": f"address:{subject}", "window": window_of(at)}
    row = answer(lambda connection: connection.execute(_COUNT_ADDRESS, parameters, prepare=True).fetchone())
    assert row is not None
    return Admission(at, None, None, True, quota, row[0])


def forget_old_windows(at: datetime) -> int:
    """Delete counts of minutes that are over; how many. Their clients' addresses go with them."""
    parameters = {"window": window_of(at) - WINDOWS_KEPT}
    return answer(
        lambda connection: (
            connection.execute('DELETE FROM rate_window WHERE "window" < %(window)s', parameters).rowcount
        )
    )
