"""results of inspections"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

KINDS = ('double_random', 'food_sampling', 'product_sampling', 'certification')
CODES = (
    'no_problem', 'passed', 'not_trading', 'set_right', 'to_be_handled', 'failed', 'false_information', 'unreachable',
    'not_cooperating',
)
STATES = ('pending', 'not_publishable', 'in_force', 'ended', 'withdrawn', 'shielded')
ENDS = ('repaired', 'expired', 'shielded', 'decision_revoked', 'corrected', 'other')


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table('inspection_result',
    sa.Column('operator_id', sa.BigInteger(), nullable=False),
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', _one_of('inspectionkind', *KINDS), nullable=False),
    sa.Column('task', sa.Text(), nullable=False),
    sa.Column('inspected_on', sa.Date(), nullable=False),
    sa.Column('completed_on', sa.Date(), nullable=False),
    sa.Column('result_code', _one_of('resultcode', *CODES), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('linked_record_id', sa.Text(), nullable=True),
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('record_id', sa.Text(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', _one_of('recordstate', *STATES), nullable=False),
    sa.Column('rule_set', sa.Text(), nullable=False),
    sa.Column('period_basis', sa.Text(), nullable=True),
    sa.Column('period_basis_on', sa.Date(), nullable=True),
    sa.Column('public_from', sa.Date(), nullable=True),
    sa.Column('public_until', sa.Date(), nullable=True),
    sa.Column('end_reason', _one_of('endreason', *ENDS), nullable=True),
    sa.Column('end_statement', sa.Text(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('under_objection', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(state = 'in_force') = (public_from IS NOT NULL AND end_reason IS NULL)", name=op.f('ck_inspection_result_in_force_public')),
    sa.CheckConstraint("state <> 'withdrawn' OR end_statement IS NOT NULL", name=op.f('ck_inspection_result_withdrawn_with_reason')),
    sa.CheckConstraint('completed_on >= inspected_on', name=op.f('ck_inspection_result_completed_after_inspected')),
    sa.CheckConstraint('public_from < public_until', name=op.f('ck_inspection_result_interval_not_empty')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_inspection_result_authority_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_inspection_result_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_result')),
    sa.UniqueConstraint('record_id', name=op.f('uq_inspection_result_record_id'))
    )
    op.create_index('ix_inspection_result_linked_record_id', 'inspection_result', ['linked_record_id'], postgresql_where=sa.text('linked_record_id IS NOT NULL'))
    op.create_index(op.f('ix_inspection_result_operator_id'), 'inspection_result', ['operator_id'])


def downgrade() -> None:
    op.drop_table('inspection_result')
