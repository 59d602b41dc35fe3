"""matters that hide a record during a reorganisation, and show it again"""

from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

NAME = 'ck_matter_matterkind'


def _allow(*kinds: str) -> None:
    op.drop_constraint(op.f(NAME), 'matter', type_='check')
    op.create_check_constraint(op.f(NAME), 'matter', f"kind IN ({', '.join(repr(kind) for kind in kinds)})")


def upgrade() -> None:
    _allow('entry', 'correction', 'withdrawal', 'shield', 'lift_shield')


def downgrade() -> None:
    _allow('entry', 'correction', 'withdrawal')
