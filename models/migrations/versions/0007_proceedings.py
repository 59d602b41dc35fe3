"""proceedings with their evidence, issued documents and counters, batches, notices, reminders"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ACTORS = ('handler', 'reviewer', 'superior', 'party', 'provider', 'system')
DOCUMENTS = (
    'order_to_publish', 'listing_decision', 'removal_decision', 'removal_refusal', 'correction_decision',
    'restoration_decision', 'violation_notice', 'violation_decision', 'violation_removal', 'violation_revocation',
    'shield_decision', 'repair_notice', 'repair_acceptance', 'repair_decision', 'objection_acceptance',
    'objection_decision', 'service_stop', 'query_certificate',
)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table('document_counter',
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', _one_of('documentkind', *DOCUMENTS), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('last > 0', name=op.f('ck_document_counter_last_positive')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_document_counter_authority_id')),
    sa.PrimaryKeyConstraint('authority_id', 'kind', 'year', name=op.f('pk_document_counter'))
    )
    op.create_table('proceeding',
    sa.Column('procedure', _one_of('procedure', 'abnormal_listing', 'household_mark', 'violation_listing', 'repair', 'objection', 'inspection_result', 'service_stop', 'clue'), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('operator_id', sa.BigInteger(), nullable=True),
    sa.Column('about', sa.Text(), nullable=True),
    sa.Column('basis', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('report_year', sa.Integer(), nullable=True),
    sa.Column('facts', postgresql.JSONB(), nullable=False),
    sa.Column('personal', postgresql.JSONB(), nullable=False),
    sa.Column('query_code', sa.Text(), nullable=True),
    sa.Column('action', sa.Text(), nullable=True),
    sa.Column('part', _one_of('part', *ACTORS), nullable=True),
    sa.Column('statement', sa.Text(), nullable=True),
    sa.Column('hands', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('asked_of', _one_of('asked_of', *ACTORS), nullable=True),
    sa.Column('deadline', sa.Text(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('record_id', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(due_on IS NULL) = (deadline IS NULL)', name=op.f('ck_proceeding_clock_has_a_name')),
    sa.CheckConstraint('NOT decided_by = ANY (hands)', name=op.f('ck_proceeding_two_persons')),
    sa.CheckConstraint('closed_on IS NULL OR asked_of IS NULL', name=op.f('ck_proceeding_closed_asks_nobody')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_proceeding_authority_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_proceeding_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proceeding')),
    sa.UniqueConstraint('record_id', name=op.f('uq_proceeding_record_id'))
    )
    op.create_index('ix_proceeding_about', 'proceeding', ['about'], postgresql_where=sa.text('about IS NOT NULL'))
    op.create_index('ix_proceeding_inbox', 'proceeding', ['authority_id', 'due_on', 'id'], postgresql_where=sa.text('asked_of IS NOT NULL'))
    op.create_index('ix_proceeding_operator_id', 'proceeding', ['operator_id'])
    op.create_index('uq_proceeding_open', 'proceeding', ['procedure', 'operator_id', 'about', 'basis', 'reason', 'report_year'], unique=True, postgresql_nulls_not_distinct=True, postgresql_where=sa.text("closed_on IS NULL AND procedure IN ('abnormal_listing', 'household_mark', 'violation_listing', 'repair')"))
    op.create_index('uq_proceeding_query_code', 'proceeding', ['query_code'], unique=True, postgresql_where=sa.text('query_code IS NOT NULL'))
    op.create_table('reminder',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('deadline', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('kind', _one_of('reminderkind', 'reminder', 'alarm'), nullable=False),
    sa.Column('raised_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_reminder_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('subject', 'deadline', 'due_on', 'kind', name='uq_reminder_raised')
    )
    op.create_index('ix_reminder_authority_id', 'reminder', ['authority_id', 'raised_on'])
    op.create_table('evidence',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('proceeding_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('handed_in_by', sa.Text(), nullable=False),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('size > 0', name=op.f('ck_evidence_size_positive')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceeding.id'], name=op.f('fk_evidence_proceeding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    op.create_index(op.f('ix_evidence_proceeding_id'), 'evidence', ['proceeding_id'])
    op.create_table('issued_document',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', _one_of('documentkind', *DOCUMENTS), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('sub_number', sa.BigInteger(), nullable=False),
    sa.Column('printed_no', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('proceeding_id', sa.BigInteger(), nullable=True),
    sa.Column('record_id', sa.Text(), nullable=True),
    sa.Column('rule_set', sa.Text(), nullable=False),
    sa.Column('body', postgresql.JSONB(), nullable=False),
    sa.Column('body_sha256', sa.LargeBinary(), nullable=False),
    sa.Column('prepared_by', sa.Text(), nullable=True),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('decided_by <> prepared_by', name=op.f('ck_issued_document_two_persons')),
    sa.CheckConstraint('number > 0 AND sub_number >= 0', name=op.f('ck_issued_document_number_positive')),
    sa.CheckConstraint('octet_length(body_sha256) = 32', name=op.f('ck_issued_document_digest_length')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_issued_document_authority_id')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceeding.id'], name=op.f('fk_issued_document_proceeding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issued_document')),
    sa.UniqueConstraint('authority_id', 'kind', 'year', 'number', 'sub_number', name='uq_issued_document_number')
    )
    op.create_index(op.f('ix_issued_document_proceeding_id'), 'issued_document', ['proceeding_id'])
    op.create_index('ix_issued_document_record_id', 'issued_document', ['record_id'])
    op.create_table('document_file',
    sa.Column('document_id', sa.BigInteger(), nullable=False),
    sa.Column('pdf', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['issued_document.id'], name=op.f('fk_document_file_document_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_document_file'))
    )
    op.create_table('listing_batch',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', _one_of('batchkind', 'list', 'remove'), nullable=False),
    sa.Column('state', _one_of('batchstate', 'drawn_up', 'approved', 'running', 'finished', 'refused'), nullable=False),
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('report_year', sa.Integer(), nullable=False),
    sa.Column('source', postgresql.JSONB(), nullable=False),
    sa.Column('initial', sa.BigInteger(), nullable=False),
    sa.Column('done', sa.BigInteger(), nullable=False),
    sa.Column('left_out', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('document_id', sa.BigInteger(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('prepared_by', sa.Text(), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('statement', sa.Text(), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('decided_by <> prepared_by', name=op.f('ck_listing_batch_two_persons')),
    sa.CheckConstraint('done + left_out <= initial', name=op.f('ck_listing_batch_counts_add_up')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_listing_batch_authority_id')),
    sa.ForeignKeyConstraint(['document_id'], ['issued_document.id'], name=op.f('fk_listing_batch_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing_batch'))
    )
    op.create_index('ix_listing_batch_authority_id', 'listing_batch', ['authority_id', 'id'])
    op.create_table('notice',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('occasion', sa.Text(), nullable=False),
    sa.Column('operator_id', sa.BigInteger(), nullable=False),
    sa.Column('proceeding_id', sa.BigInteger(), nullable=True),
    sa.Column('document_id', sa.BigInteger(), nullable=True),
    sa.Column('channel', _one_of('channel', 'email', 'sms'), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('state', _one_of('noticestate', 'waiting', 'sent', 'given_up'), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_notice_sent_has_a_moment')),
    sa.ForeignKeyConstraint(['document_id'], ['issued_document.id'], name=op.f('fk_notice_document_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_notice_operator_id')),
    sa.ForeignKeyConstraint(['proceeding_id'], ['proceeding.id'], name=op.f('fk_notice_proceeding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('occasion', name='uq_notice_occasion')
    )
    op.create_index(op.f('ix_notice_operator_id'), 'notice', ['operator_id'])
    op.create_index('ix_notice_proceeding_id', 'notice', ['proceeding_id'])
    op.create_index('ix_notice_waiting', 'notice', ['next_attempt_at', 'id'], postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('listing_batch_item',
    sa.Column('batch_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('operator_id', sa.BigInteger(), nullable=False),
    sa.Column('outcome', _one_of('itemoutcome', 'waiting', 'done', 'left_out'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('sub_number', sa.BigInteger(), nullable=True),
    sa.Column('record_id', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['listing_batch.id'], name=op.f('fk_listing_batch_item_batch_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_listing_batch_item_operator_id')),
    sa.PrimaryKeyConstraint('batch_id', 'position', name=op.f('pk_listing_batch_item'))
    )
    op.create_index(op.f('ix_listing_batch_item_operator_id'), 'listing_batch_item', ['operator_id'])
    op.create_index('ix_listing_batch_item_record_id', 'listing_batch_item', ['record_id'])


def downgrade() -> None:
    op.drop_table('listing_batch_item')
    op.drop_table('notice')
    op.drop_table('listing_batch')
    op.drop_table('document_file')
    op.drop_table('issued_document')
    op.drop_table('evidence')
    op.drop_table('reminder')
    op.drop_table('proceeding')
    op.drop_table('document_counter')
