"""Query certificates (信用查证单): a query gets its number when it is entered, and every print of it is recorded.

Query, line of the access log and number are one transaction: there is no number without an entry (domain.md 6.4). The
words are fixed with it, so that each print says the same.
"""

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text

from models import AskedFor, Authority, CertificatePrint, LedgerHead, Operator, QueryCertificate, db
from registry.clock import BEIJING, now, today
from registry.config import Settings
from registry.errors import Conflict, NotFound, RuleViolation
from registry.ledger import Actor
from registry.ledger.canonical import canonical
from registry.queries.point_in_time import OperatorThen, RecordThen, operator_then
from registry.reports.official_document import render
from registry.reports.wording import day_words
from registry.rules import certificate_texts as texts
from registry.rules import masking, merchant_status
from registry.rules.operator import RegistrationStatus
from registry.services import access_log
from registry.services.credit_reports import signer_of

MOST_A_DAY = MOST_PRINTS = 9999
SHOWN = 200


class DayIsFull(Conflict):
    """Four digits count the queries of a day, and the prints of one; no more can be numbered."""

    code = "certificate_numbers_used_up"


class CertificateNotFound(NotFound):
    """There is no such certificate in the officer's area."""

    code = "certificate_not_found"


class NotKnownThen(RuleViolation):
    """The register did not know the operator at that moment."""

    code = "operator_not_known_then"


def enter(
    operator: Operator,
    *,
    asked_for: AskedFor,
    as_of: date,
    known_at: datetime,
    purpose: str,
    authority: Authority,
    own: Collection[str],
    settings: Settings,
    actor: Actor,
) -> QueryCertificate:
    """Enter a query with its number and its words. The caller commits.

    A certificate for a party says what the public sees today and nothing else; one for an authority also what `own`, the
    codes of the officer's area, hold. NotKnownThen; DayIsFull.
    """
    found = operator_then(
        operator.id, as_of=as_of, known_at=known_at, own=own if asked_for is AskedFor.AUTHORITY else (), today=today()
    )
    if found.content is None:
        raise NotKnownThen("The register did not know this operator at that moment.")
    head = db.session.execute(select(LedgerHead).order_by(LedgerHead.size.desc()).limit(1)).scalar_one_or_none()
    moment = now()
    sequence = _next_of(moment.date())
    body = _body(found, purpose, authority, head, settings, actor)
    certificate = QueryCertificate(
        asked_for=asked_for,
        day=moment.date(),
        sequence=sequence,
        authority=authority,
        operator_id=operator.id,
        as_of=as_of,
        known_at=known_at,
        purpose=purpose,
        asked_by=str(actor),
        asked_at=moment,
        ledger_seq=found.seq,
        ledger_size=head.size if head else None,
        ledger_root=head.root if head else None,
        body=body,
        body_sha256=hashlib.sha256(canonical(body)).digest(),
    )
    db.session.add(certificate)
    db.session.flush()
    access_log.note(
        "certificate.entered",
        actor=str(actor),
        purpose=f"{certificate.number}: {masking.mask_text(purpose)}",
        operator_id=operator.id,
    )
    return certificate


def print_out(certificate: QueryCertificate, *, settings: Settings, actor: Actor) -> tuple[CertificatePrint, bytes]:
    """One more print with its own number, recorded with the hash of its file. The caller commits. DayIsFull after 9,999."""
    _one_at_a_time(f"certificate_print.{certificate.id}")
    last = select(func.coalesce(func.max(CertificatePrint.print_no), 0))
    number = db.session.execute(last.where(CertificatePrint.certificate_id == certificate.id)).scalar_one() + 1
    if number > MOST_PRINTS:
        raise DayIsFull("This certificate has been printed 9,999 times.")
    moment = now()
    printed_no = f"{certificate.number}-{number:04d}"
    pdf = render(
        {**certificate.body, "number": printed_no},
        title=texts.TITLE,
        issued_at=moment,
        signer=signer_of(settings.key_dir, settings.issuer_name),
    )
    printed = CertificatePrint(
        certificate_id=certificate.id,
        print_no=number,
        printed_by=str(actor),
        printed_at=moment,
        sha256=hashlib.sha256(pdf).digest(),
    )
    db.session.add(printed)
    db.session.flush()
    access_log.note("certificate.printed", actor=str(actor), purpose=printed_no, operator_id=certificate.operator_id)
    return printed, pdf


def get(certificate_id: int, authority_ids: Collection[int]) -> QueryCertificate:
    """A certificate that an officer of these authorities asked for; CertificateNotFound elsewhere."""
    found = db.session.execute(
        select(QueryCertificate).where(
            QueryCertificate.id == certificate_id, QueryCertificate.authority_id.in_(authority_ids)
        )
    ).scalar_one_or_none()
    if found is None:
        raise CertificateNotFound("There is no such certificate in your area.")
    return found


def newest(authority_ids: Collection[int]) -> list[QueryCertificate]:
    """Certificates of an area, the newest first."""
    return list(
        db.session.execute(
            select(QueryCertificate)
            .where(QueryCertificate.authority_id.in_(authority_ids))
            .order_by(QueryCertificate.id.desc())
            .limit(SHOWN)
        ).scalars()
    )


def _next_of(day: date) -> int:
    _one_at_a_time("query_certificate")
    last = select(func.coalesce(func.max(QueryCertificate.sequence), 0)).where(QueryCertificate.day == day)
    sequence: int = db.session.execute(last).scalar_one() + 1
    if sequence > MOST_A_DAY:
        raise DayIsFull("All numbers of this day have been given.")
    return sequence


def _one_at_a_time(subject: str) -> None:
    """Whoever numbers the same waits until this transaction ends, so that nothing is skipped or given twice."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:subject))"), {"subject": subject})


def _body(
    found: OperatorThen,
    purpose: str,
    authority: Authority,
    head: LedgerHead | None,
    settings: Settings,
    actor: Actor,
) -> dict[str, Any]:
    assert found.content is not None
    name = found.content["name"]
    status = RegistrationStatus(found.content["registration_status"])
    known = found.known_at.astimezone(BEIJING)
    said = [
        texts.SEARCHED.format(
            purpose=purpose,
            scope=f"{settings.issuer_name}登记库",
            known=f"{day_words(known.date())}{known:%H:%M}",
            name=name,
            as_of=day_words(found.as_of),
        ),
        texts.REGISTRATION.format(status=merchant_status.title_of_registration_status(status)),
    ]
    in_effect = [record for record in found.records if record.in_effect]
    said += [_record(number, record) for number, record in enumerate(in_effect, 1)] or [texts.NOTHING]
    named = texts.HEAD.format(size=head.size, root=head.root.hex()) if head else texts.NO_HEAD
    said.append(texts.LEDGER.format(seq=found.seq, head=named))
    return {
        "authority": authority.name,
        "to": name,
        "to_no": found.content["uscc"] or found.content["registration_no"],
        "paragraphs": said,
        "signed": {"prepared": actor.name, "decided": None},
        "on": today().isoformat(),
    }


def _record(number: int, record: RecordThen) -> str:
    content = record.content
    printed = content.get("document_no") or content.get("decision_no")
    until = record.effect_until
    assert record.effect_from is not None
    return texts.RECORD.format(
        number=number,
        kind=texts.KINDS[record.resource],
        what=texts.what_of(record.resource, content),
        authority=_name_of(content["authority"]),
        decision=texts.DECISION.format(number=printed) if printed else "",
        since=day_words(record.effect_from),
        until=texts.UNTIL.format(day=day_words(until)) if until else texts.OPEN_END,
    )


def _name_of(code: str) -> str:
    return db.session.execute(select(Authority.name).where(Authority.uscc == code)).scalar_one_or_none() or code
