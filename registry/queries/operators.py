"""Finding operators."""

from sqlalchemy import or_, select

from models import Operator, db
from registry.errors import NotFound

MAX_SUCCESSIONS = 8  # more hops than that is a circle of corrections, which no reader should follow


class OperatorNotFound(NotFound):
    """No operator of this register has this code or number."""

    code = "operator_not_found"


def find_operator(identifier: str) -> Operator | None:
    """The operator with this USCC or, failing that, this registration number; a code goes before a number."""
    found = db.session.execute(
        select(Operator)
        .where(or_(Operator.uscc == identifier, Operator.registration_no == identifier))
        .order_by((Operator.uscc == identifier).desc().nulls_last(), Operator.id)
        .limit(1)
    )
    return found.scalar_one_or_none()


def get_operator(identifier: str) -> Operator:
    """The operator with this USCC or registration number; OperatorNotFound where there is none."""
    operator = find_operator(identifier)
    if operator is None:
        raise OperatorNotFound("No operator of this register has this code or number.")
    return operator


def current_operator(operator: Operator) -> Operator:
    """The operator that a corrected or merged one leads to; itself where there is no successor."""
    for _ in range(MAX_SUCCESSIONS):
        if operator.successor is None:
            return operator
        operator = operator.successor
    return operator
