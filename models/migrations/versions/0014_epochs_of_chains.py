"""the peer's epoch in which it last showed what it has of a chain"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('peer_chain', sa.Column('peer_epoch', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('peer_chain', 'peer_epoch')
