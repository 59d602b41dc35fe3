"""matters of the console, uploaded files"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0001'
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('draft', 'submitted', 'returned')")
IMPORTS = ('operators', 'online-presences', 'penalties', 'licences', 'abnormal-listings', 'violation-listings')
ACTIONS = (
    'submit', 'publish', 'refuse_publicity', 'send_back', 'discard', 'correct', 'withdraw', 'refuse', 'stop_early',
    'expire', 'shield', 'lift_shield',
)
END_REASONS = ('repaired', 'expired', 'shielded', 'decision_revoked', 'corrected', 'other')


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table('matter',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('subject', _one_of('subject', 'penalties', 'licences'), nullable=False),
    sa.Column('kind', _one_of('matterkind', 'entry', 'correction', 'withdrawal'), nullable=False),
    sa.Column('state', _one_of('matterstate', 'draft', 'submitted', 'returned', 'carried_out', 'refused', 'discarded'), nullable=False),
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('record_id', sa.Text(), nullable=True),
    sa.Column('record_revision', sa.Integer(), nullable=True),
    sa.Column('form', sa.LargeBinary(), nullable=True),
    sa.Column('document_no', sa.Text(), nullable=True),
    sa.Column('document_no_key', sa.Text(), nullable=True),
    sa.Column('party_name', sa.Text(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('statement', sa.Text(), nullable=True),
    sa.Column('end_reason', _one_of('endreason', *END_REASONS), nullable=True),
    sa.Column('opened_by', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_by', sa.Text(), nullable=True),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('decided_by <> opened_by AND decided_by <> submitted_by', name=op.f('ck_matter_two_persons')),
    sa.CheckConstraint("state <> 'submitted' OR record_id IS NOT NULL", name=op.f('ck_matter_submitted_is_about_a_record')),
    sa.CheckConstraint("(kind = 'withdrawal') = (end_reason IS NOT NULL)", name=op.f('ck_matter_withdrawal_says_why')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_matter_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matter')),
    sa.UniqueConstraint('name', name=op.f('uq_matter_name'))
    )
    op.create_index('uq_matter_open', 'matter', ['record_id'], unique=True, postgresql_where=OPEN)
    op.create_index('ix_matter_inbox', 'matter', ['authority_id', 'due_on', 'id'], unique=False, postgresql_where=OPEN)
    op.create_table('matter_step',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('matter_id', sa.BigInteger(), nullable=False),
    sa.Column('matter_revision', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', _one_of('action', *ACTIONS), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_matter_step_matter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matter_step'))
    )
    op.create_index('ix_matter_step_matter_id', 'matter_step', ['matter_id'], unique=False)
    op.create_table('import_file',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('kind', _one_of('importkind', *IMPORTS), nullable=False),
    sa.Column('state', _one_of('filestate', 'uploaded', 'queued', 'running', 'finished', 'refused', 'failed'), nullable=False),
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('stored_as', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('uploaded_by', sa.Text(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('run_id', sa.BigInteger(), nullable=True),
    sa.Column('percent', sa.BigInteger(), nullable=False),
    sa.Column('failure', postgresql.JSONB(), nullable=True),
    sa.Column('undo_reason', sa.Text(), nullable=True),
    sa.CheckConstraint('percent BETWEEN 0 AND 100', name=op.f('ck_import_file_percent')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_import_file_authority_id')),
    sa.ForeignKeyConstraint(['run_id'], ['import_run.id'], name=op.f('fk_import_file_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_file')),
    sa.UniqueConstraint('stored_as', name=op.f('uq_import_file_stored_as'))
    )
    op.create_index('ix_import_file_authority_id', 'import_file', ['authority_id', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('import_file')
    op.drop_table('matter_step')
    op.drop_table('matter')
