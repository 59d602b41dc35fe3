"""records that a partner's front database has taken, under the name that the partner gave them"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('upstream_record',
    sa.Column('peer_id', sa.BigInteger(), nullable=False),
    sa.Column('record_id', sa.Text(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('upstream_id', sa.Text(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('revision > 0', name=op.f('ck_upstream_record_revision_positive')),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_upstream_record_peer_id')),
    sa.PrimaryKeyConstraint('peer_id', 'record_id', name=op.f('pk_upstream_record'))
    )
    op.create_index('ix_upstream_record_upstream_id', 'upstream_record', ['peer_id', 'upstream_id'])


def downgrade() -> None:
    op.drop_table('upstream_record')
