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


def successors_from(operator: Operator) -> list[Operator]:
    """An operator, and those that it leads to one after the other; the present one last."""
    chain = [operator]
    while chain[-1].successor is not None and len(chain) <= MAX_SUCCESSIONS:
        chain.append(chain[-1].successor)
    return chain


def current_operator(operator: Operator) -> Operator:
    """The operator that a corrected or merged one leads to; itself where there is no successor."""
    return successors_from(operator)[-1]
