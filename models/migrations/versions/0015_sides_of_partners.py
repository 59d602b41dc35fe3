"""what a run has last seen of a partner without the wire"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('peer', sa.Column('side', postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column('peer', 'side')
