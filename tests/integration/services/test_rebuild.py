"""`ledger rebuild --check`: whatever stands otherwise than the ledger left it is found, and named without its values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from models import FormerName, OnlinePresence, Operator, db
from registry.config import Settings
from registry.rules.operator import OperatorKind, PresenceType, RegistrationStatus
from registry.services import operators, rebuild
from registry.transaction import transaction
from tests.database import connect_as_owner
from tests.factories import (
    ACTOR,
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)
from tests.integration.ledger.conftest import ignore

DAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Register:
    """A register of one record of each kind, and the names of its records."""

    app: Flask
    settings: Settings
    records: dict[str, str]

    def differences(self) -> list[tuple[str, str]]:
        """(kind of the record, what is said of it)."""
        kinds = {record_id: kind for kind, record_id in self.records.items()}
        with self.app.app_context():
            return [(kinds.get(each.record_id, "?"), each.what) for each in rebuild.check(ignore).differences]

    def tamper(self, statement: str) -> None:
        with connect_as_owner(self.settings) as connection:
            assert connection.execute(statement).rowcount > 0


@pytest.fixture
def register(own_app: Flask, own_settings: Settings) -> Iterator[Register]:
    with own_app.app_context():
        with transaction():
            authority, operator = make_authority(), make_operator(name="石家庄瑞祥商贸有限公司")
            household = make_operator(name="长安区小米饭店", kind=OperatorKind.HOUSEHOLD)
            operator.former_names.append(FormerName(name="石家庄旧名有限公司", folded_name="石家庄旧名有限公司"))
            operator.online_presences.append(
                OnlinePresence(type=PresenceType.SHOP, name="瑞祥旗舰店", url=None, platform="某平台", icp_no=None)
            )
            operators.rename(operator, name="石家庄瑞祥电子商务有限公司", on=DAY, actor=ACTOR)
            records = {
                "operator": operator,
                "household": household,
                "penalty": make_penalty(operator, authority),
                "licence": make_licence(operator, authority),
                "abnormal": make_abnormal_listing(operator, authority),
                "mark": make_household_mark(household, authority),
                "violation": make_violation_listing(operator, authority),
            }
            names = {kind: record.record_id for kind, record in records.items()}
        yield Register(own_app, own_settings, names)


def test_an_untouched_register_has_no_difference(register: Register) -> None:
    assert register.differences() == []


COLUMNS = {
    "a name": ("operator", "UPDATE operator SET name = name || '!' WHERE kind = 'enterprise'", "name"),
    "a code": ("operator", "UPDATE operator SET uscc = '91130105107743680U' WHERE kind = 'enterprise'", "uscc"),
    "a status": (
        "household", "UPDATE operator SET registration_status = 'revoked' WHERE kind = 'household'",
        "registration_status",
    ),
    "search terms": ("operator", "UPDATE operator SET search_terms = '{}' WHERE kind = 'enterprise'", "search_terms"),
    "a folded name": ("operator", "UPDATE operator SET folded_name = 'x' WHERE kind = 'enterprise'", "folded_name"),
    "initials": ("operator", "UPDATE operator SET initials = 'x' WHERE kind = 'enterprise'", "initials"),
    "a former name": ("operator", "UPDATE former_name SET name = '别名' WHERE name = '石家庄旧名有限公司'", "former_names"),
    "a former name gone": ("operator", "DELETE FROM former_name", "former_names"),
    "a folded former name": ("operator", "UPDATE former_name SET folded_name = 'x'", "folded_name"),
    "a presence": ("operator", "UPDATE online_presence SET platform = '他平台'", "online_presences"),
    "a presence gone": ("operator", "DELETE FROM online_presence", "online_presences"),
    "a fine": ("penalty", "UPDATE penalty SET fine = 1", "fine"),
    "facts": ("penalty", "UPDATE penalty SET facts = ''", "facts"),
    "the end of publicity": ("penalty", "UPDATE penalty SET public_until = '2026-03-03'", "public_until"),
    "the rule set": ("penalty", "UPDATE penalty SET rule_set = 'samr-2014'", "rule_set"),
    "the key of a number": ("penalty", "UPDATE penalty SET document_no_key = 'x'", "document_no_key"),
    "the party": (
        "penalty", "UPDATE penalty SET operator_id = (SELECT id FROM operator WHERE kind = 'household')", "operator",
    ),
    "a personal digest": ("penalty", "UPDATE penalty SET personal = '{\"name\": \"x\"}'", "personal"),
    "a licence's validity": ("licence", "UPDATE licence SET valid_until = '2040-01-01'", "valid_until"),
    "a reason": ("abnormal", "UPDATE abnormal_listing SET reason = 'R4'", "reason"),
    "a day of listing": ("mark", "UPDATE household_mark SET listed_on = '2026-07-01'", "listed_on"),
    "measures": ("violation", "UPDATE violation_listing SET measures = '[]'", "measures"),
    "a state": (
        "violation", "UPDATE violation_listing SET state = 'ended', end_reason = 'repaired'", "state",
    ),
    "a revision": ("penalty", "UPDATE penalty SET revision = 7", "has revision 7"),
    "a row gone": ("penalty", "DELETE FROM penalty", "stands in the ledger (revision 1) but not in its table"),
    "another's name": ("penalty", "UPDATE penalty SET record_id = record_id || '0'", "but not in its table"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "statement", "words"), COLUMNS.values(), ids=COLUMNS)
def test_a_row_changed_behind_the_ledger_is_found(register: Register, kind: str, statement: str, words: str) -> None:
    register.tamper(statement)
    found = register.differences()
    assert any(record == kind and words in what for record, what in found), found
    result = register.app.test_cli_runner().invoke(args=["ledger", "rebuild", "--check"])
    assert result.exit_code == 1
    assert register.records[kind] in result.stderr


def test_a_row_that_no_entry_tells_of_is_found(register: Register) -> None:
    register.tamper(
        "INSERT INTO operator (record_id, revision, recorded_at, uscc, kind, name, folded_name, initials, search_terms,"
        " registration_status) SELECT 'forged', 1, now(), '91130105107743680U', kind, name, folded_name, initials,"
        " search_terms, registration_status FROM operator LIMIT 1"
    )
    assert ("?", "stands in its table but not in the ledger") in register.differences()


FINDINGS = {
    "a finding gone": ("penalty", "DELETE FROM public_finding WHERE type = 'penalty'"),
    "a level": ("abnormal", "UPDATE public_finding SET level = 'clear' WHERE type = 'abnormal_listing'"),
    "an end": ("violation", "UPDATE public_finding SET public_until = NULL WHERE type = 'violation_listing'"),
    "a start": ("mark", "UPDATE public_finding SET public_from = '2020-01-01' WHERE type = 'household_mark'"),
    "a text": ("licence", "UPDATE public_finding SET data = data || '{\"title\": \"x\"}' WHERE type = 'licence'"),
    "the operator": (
        "penalty",
        "UPDATE public_finding SET operator_id = (SELECT id FROM operator WHERE kind = 'household')"
        " WHERE type = 'penalty'",
    ),
    "a finding too many": (
        "operator",
        "INSERT INTO public_finding SELECT o.record_id, 'registration_status', '2026-01-01', NULL, o.id, 'barred', '{}'"
        " FROM operator o WHERE kind = 'enterprise'",
    ),
    "a finding of nobody": (
        "penalty", "UPDATE public_finding SET operator_id = 999999 WHERE type = 'penalty'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "statement"), FINDINGS.values(), ids=FINDINGS)
def test_a_finding_that_the_tables_do_not_give_is_found(register: Register, kind: str, statement: str) -> None:
    register.tamper(statement)
    assert any(record == kind and "public finding" in what for record, what in register.differences())


def test_the_difference_names_members_and_never_values(register: Register) -> None:
    register.tamper("UPDATE operator SET responsible_person = '绝无此人' WHERE kind = 'enterprise'")
    assert register.differences() == [("operator", "responsible_person")]


def test_checking_writes_nothing_and_a_change_by_the_program_is_no_difference(register: Register) -> None:
    with register.app.app_context(), transaction():
        operator = db.session.execute(
            select(Operator).where(Operator.record_id == register.records["operator"])
        ).scalar_one()
        operators.change_status(operator, status=RegistrationStatus.SUSPENDED, on=DAY, actor=ACTOR)
    assert register.differences() == []
    assert register.differences() == []


def test_a_payload_without_its_table_cannot_be_hidden_by_deleting_it(register: Register) -> None:
    with connect_as_owner(register.settings) as connection, pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("DELETE FROM ledger_entry WHERE seq = 3")
