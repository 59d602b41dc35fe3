"""how far the ledger was looked through for messages of our own records; batches are stored as they are, not packed"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('exchange_node', sa.Column('messages_to', sa.BigInteger(), server_default='0', nullable=False))
    op.alter_column('exchange_node', 'messages_to', server_default=None)
    # eight megabytes of lines take longer to pack than to send, and what goes over the wire is packed already
    op.execute('ALTER TABLE sent_batch ALTER COLUMN lines SET STORAGE EXTERNAL')
    op.create_index(
        'ix_exchange_message_own', 'exchange_message', ['position'], postgresql_where=sa.text("state = 'own'")
    )


def downgrade() -> None:
    op.drop_index('ix_exchange_message_own', table_name='exchange_message')
    op.execute('ALTER TABLE sent_batch ALTER COLUMN lines SET STORAGE EXTENDED')
    op.drop_column('exchange_node', 'messages_to')
