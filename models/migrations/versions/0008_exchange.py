"""the exchange: node and epoch, peers with keys, heads and cursors, batches, current messages, problems, runs"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

REVISED = (
    'abnormal_listing', 'household_mark', 'ledger_entry', 'licence', 'operator', 'penalty', 'proceeding',
    'violation_listing',
)
"""Tables of records: a revision that a peer has given may go to 2**53 - 1."""


def upgrade() -> None:
    op.create_table('batch_number',
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('last BETWEEN 1 AND 999999', name=op.f('ck_batch_number_six_digits')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_batch_number'))
    )
    op.create_table('exchange_node',
    sa.Column('node', sa.Text(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recovering_since', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('node', name=op.f('pk_exchange_node'))
    )
    op.create_table('exchange_nonce',
    sa.Column('kid', sa.Text(), nullable=False),
    sa.Column('nonce', sa.Text(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('kid', 'nonce', name=op.f('pk_exchange_nonce'))
    )
    op.create_index('ix_exchange_nonce_seen_at', 'exchange_nonce', ['seen_at'], unique=False)
    op.create_table('peer',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('node', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('role', sa.Enum('city', 'province', name='noderole', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('carrier', sa.Enum('http', 'file', 'front_database', name='carrier', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('active', 'paused', 'stopped', name='peerstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('incident', sa.Text(), nullable=True),
    sa.Column('settings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'stopped') = (incident IS NOT NULL)", name=op.f('ck_peer_stopped_by_an_incident')),
    sa.CheckConstraint("node ~ '^[0-9]{6}$'", name=op.f('ck_peer_node_form')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_peer')),
    sa.UniqueConstraint('node', name=op.f('uq_peer_node'))
    )
    op.create_table('exchange_incident',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('peer_id', sa.BigInteger(), nullable=True),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('seen_by', sa.Text(), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(seen_by IS NULL) = (seen_at IS NULL)', name=op.f('ck_exchange_incident_seen_by_somebody')),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_exchange_incident_peer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_incident'))
    )
    op.create_index('ix_exchange_incident_at', 'exchange_incident', [sa.literal_column('at DESC')], unique=False)
    op.create_index('ix_exchange_incident_peer_id', 'exchange_incident', ['peer_id'], unique=False)
    op.create_table('exchange_message',
    sa.Column('record_id', sa.Text(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('resource', sa.Text(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('region', sa.Text(), nullable=True),
    sa.Column('concerns', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('decision_key', sa.Text(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.Enum('own', 'applied', 'linked', 'kept', 'unclear', name='messagestate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('same_as', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('peer_id', sa.BigInteger(), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('missing_since', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'linked') = (same_as IS NOT NULL)", name=op.f('ck_exchange_message_linked_to_a_record')),
    sa.CheckConstraint("(state = 'own') = (peer_id IS NULL)", name=op.f('ck_exchange_message_own_from_nobody')),
    sa.CheckConstraint('revision > 0', name=op.f('ck_exchange_message_revision_positive')),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_exchange_message_peer_id')),
    sa.PrimaryKeyConstraint('record_id', name=op.f('pk_exchange_message'))
    )
    op.create_index('ix_exchange_message_decision_key', 'exchange_message', ['origin', 'decision_key'], unique=False, postgresql_where=sa.text('decision_key IS NOT NULL'))
    op.create_index('ix_exchange_message_origin', 'exchange_message', ['origin', 'resource', 'record_id'], unique=False)
    op.create_index('ix_exchange_message_peer_id', 'exchange_message', ['peer_id', 'received_at'], unique=False)
    op.create_index('ix_exchange_message_same_as', 'exchange_message', ['same_as'], unique=False, postgresql_where=sa.text('same_as IS NOT NULL'))
    op.create_index('ix_exchange_message_unclear', 'exchange_message', ['received_at'], unique=False, postgresql_where=sa.text("state = 'unclear'"))
    op.create_index('uq_exchange_message_position', 'exchange_message', ['position'], unique=True)
    op.create_table('exchange_problem',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('direction', sa.Enum('out', 'in', name='direction', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('peer_id', sa.BigInteger(), nullable=False),
    sa.Column('record_id', sa.Text(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('batch_no', sa.Text(), nullable=True),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('faults', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.Enum('open', 'resent', 'set_aside', name='problemstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('set_aside_by', sa.Text(), nullable=True),
    sa.Column('approved_by', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f('ck_exchange_problem_closed_when_settled')),
    sa.CheckConstraint("(state = 'set_aside') = (num_nonnulls(reason, set_aside_by, approved_by) = 3)", name=op.f('ck_exchange_problem_set_aside_by_two')),
    sa.CheckConstraint('set_aside_by <> approved_by', name=op.f('ck_exchange_problem_two_persons')),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_exchange_problem_peer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_problem')),
    sa.UniqueConstraint('direction', 'peer_id', 'record_id', 'revision', name='uq_exchange_problem_message')
    )
    op.create_index('ix_exchange_problem_open', 'exchange_problem', ['peer_id', 'id'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index('ix_exchange_problem_record_id', 'exchange_problem', ['record_id'], unique=False)
    op.create_table('exchange_run',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('peer_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Enum('push', 'pull', 'reconcile', 'recover', name='runkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.CheckConstraint('finished_at >= started_at', name=op.f('ck_exchange_run_finished_after_started')),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_exchange_run_peer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_run'))
    )
    op.create_index('ix_exchange_run_peer_id', 'exchange_run', ['peer_id', 'kind', sa.literal_column('id DESC')], unique=False)
    op.create_table('peer_chain',
    sa.Column('peer_id', sa.BigInteger(), nullable=False),
    sa.Column('chain', sa.Enum('urgent', 'bulk', name='chain', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('looked_to', sa.BigInteger(), nullable=False),
    sa.Column('incident', sa.Text(), nullable=True),
    sa.Column('incident_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_peer_chain_peer_id')),
    sa.PrimaryKeyConstraint('peer_id', 'chain', name=op.f('pk_peer_chain'))
    )
    op.create_table('peer_cursor',
    sa.Column('peer_id', sa.BigInteger(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('head', sa.BigInteger(), nullable=True),
    sa.Column('pulled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('theirs', sa.BigInteger(), nullable=True),
    sa.Column('theirs_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_peer_cursor_peer_id')),
    sa.PrimaryKeyConstraint('peer_id', name=op.f('pk_peer_cursor'))
    )
    op.create_table('peer_head',
    sa.Column('peer_id', sa.BigInteger(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('root', sa.LargeBinary(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('jws', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('octet_length(root) = 32', name=op.f('ck_peer_head_root_length')),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_peer_head_peer_id')),
    sa.PrimaryKeyConstraint('peer_id', 'epoch', 'size', name=op.f('pk_peer_head'))
    )
    op.create_table('peer_key',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('peer_id', sa.BigInteger(), nullable=False),
    sa.Column('kid', sa.Text(), nullable=False),
    sa.Column('jwk', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_peer_key_peer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_peer_key')),
    sa.UniqueConstraint('kid', name=op.f('uq_peer_key_kid'))
    )
    op.create_index('ix_peer_key_peer_id', 'peer_key', ['peer_id'], unique=False)
    op.create_table('received_batch',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('peer_id', sa.BigInteger(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=False),
    sa.Column('chain', sa.Enum('urgent', 'bulk', name='chain', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('batch_no', sa.Text(), nullable=False),
    sa.Column('body_digest', sa.Text(), nullable=False),
    sa.Column('previous', sa.Text(), nullable=True),
    sa.Column('from_seq', sa.BigInteger(), nullable=False),
    sa.Column('to_seq', sa.BigInteger(), nullable=False),
    sa.Column('head_size', sa.BigInteger(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('accepted', sa.Integer(), nullable=False),
    sa.Column('duplicate', sa.Integer(), nullable=False),
    sa.Column('superseded', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('manifest', sa.LargeBinary(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('receipt', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('received = accepted + duplicate + superseded + rejected', name=op.f('ck_received_batch_counts_add_up')),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_received_batch_peer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_received_batch')),
    sa.UniqueConstraint('peer_id', 'batch_no', name='uq_received_batch_peer_id_batch_no')
    )
    op.create_index('ix_received_batch_chain', 'received_batch', ['peer_id', 'epoch', 'chain', sa.literal_column('id DESC')], unique=False)
    op.create_index('ix_received_batch_received_at', 'received_batch', ['received_at'], unique=False)
    op.create_table('sent_batch',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('peer_id', sa.BigInteger(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=False),
    sa.Column('chain', sa.Enum('urgent', 'bulk', name='chain', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('batch_no', sa.Text(), nullable=False),
    sa.Column('body_digest', sa.Text(), nullable=False),
    sa.Column('previous', sa.Text(), nullable=True),
    sa.Column('from_seq', sa.BigInteger(), nullable=False),
    sa.Column('to_seq', sa.BigInteger(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('manifest', sa.LargeBinary(), nullable=True),
    sa.Column('lines', sa.LargeBinary(), nullable=True),
    sa.Column('headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.Enum('frozen', 'receipted', 'set_aside', name='sentstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('receipt', sa.LargeBinary(), nullable=True),
    sa.Column('receipt_headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('receipted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'receipted') = (receipt IS NOT NULL)", name=op.f('ck_sent_batch_receipted_with_a_receipt')),
    sa.CheckConstraint("(state = 'set_aside') = (reason IS NOT NULL)", name=op.f('ck_sent_batch_set_aside_with_a_reason')),
    sa.CheckConstraint('count > 0', name=op.f('ck_sent_batch_not_empty')),
    sa.ForeignKeyConstraint(['peer_id'], ['peer.id'], name=op.f('fk_sent_batch_peer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sent_batch')),
    sa.UniqueConstraint('batch_no', name='uq_sent_batch_batch_no')
    )
    op.create_index('ix_sent_batch_chain', 'sent_batch', ['peer_id', 'epoch', 'chain', 'id'], unique=False)
    op.create_index('ix_sent_batch_open', 'sent_batch', ['peer_id', 'chain', 'id'], unique=False, postgresql_where=sa.text("state = 'frozen'"))
    for table in REVISED:
        op.alter_column(table, 'revision', existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)


def downgrade() -> None:
    for table in REVISED:
        op.alter_column(table, 'revision', existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False)
    op.drop_index('ix_sent_batch_open', table_name='sent_batch', postgresql_where=sa.text("state = 'frozen'"))
    op.drop_index('ix_sent_batch_chain', table_name='sent_batch')
    op.drop_table('sent_batch')
    op.drop_index('ix_received_batch_received_at', table_name='received_batch')
    op.drop_index('ix_received_batch_chain', table_name='received_batch')
    op.drop_table('received_batch')
    op.drop_index('ix_peer_key_peer_id', table_name='peer_key')
    op.drop_table('peer_key')
    op.drop_table('peer_head')
    op.drop_table('peer_cursor')
    op.drop_table('peer_chain')
    op.drop_index('ix_exchange_run_peer_id', table_name='exchange_run')
    op.drop_table('exchange_run')
    op.drop_index('ix_exchange_problem_record_id', table_name='exchange_problem')
    op.drop_index('ix_exchange_problem_open', table_name='exchange_problem', postgresql_where=sa.text("state = 'open'"))
    op.drop_table('exchange_problem')
    op.drop_index('uq_exchange_message_position', table_name='exchange_message')
    op.drop_index('ix_exchange_message_unclear', table_name='exchange_message', postgresql_where=sa.text("state = 'unclear'"))
    op.drop_index('ix_exchange_message_same_as', table_name='exchange_message', postgresql_where=sa.text('same_as IS NOT NULL'))
    op.drop_index('ix_exchange_message_peer_id', table_name='exchange_message')
    op.drop_index('ix_exchange_message_origin', table_name='exchange_message')
    op.drop_index('ix_exchange_message_decision_key', table_name='exchange_message', postgresql_where=sa.text('decision_key IS NOT NULL'))
    op.drop_table('exchange_message')
    op.drop_index('ix_exchange_incident_peer_id', table_name='exchange_incident')
    op.drop_index('ix_exchange_incident_at', table_name='exchange_incident')
    op.drop_table('exchange_incident')
    op.drop_table('peer')
    op.drop_index('ix_exchange_nonce_seen_at', table_name='exchange_nonce')
    op.drop_table('exchange_nonce')
    op.drop_table('exchange_node')
    op.drop_table('batch_number')
