"""Where an operator wants to be told of decisions and deadlines."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model


class OperatorContact(Model):
    """The contact of an operator (联络员), a telephone number or an e-mail address in the vault under the operator's record."""

    __tablename__ = "operator_contact"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), primary_key=True)
    digest: Mapped[str]
    noted_by: Mapped[str]
    noted_at: Mapped[datetime]
