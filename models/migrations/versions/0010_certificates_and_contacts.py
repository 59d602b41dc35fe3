"""query certificates with their prints, contacts of operators"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('query_certificate',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('asked_for', sa.Enum('B', 'P', name='askedfor', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('operator_id', sa.BigInteger(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ledger_seq', sa.BigInteger(), nullable=False),
    sa.Column('ledger_size', sa.BigInteger(), nullable=True),
    sa.Column('ledger_root', sa.LargeBinary(), nullable=True),
    sa.Column('body', postgresql.JSONB(), nullable=False),
    sa.Column('body_sha256', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('sequence BETWEEN 1 AND 9999', name=op.f('ck_query_certificate_four_digits')),
    sa.CheckConstraint('octet_length(body_sha256) = 32', name=op.f('ck_query_certificate_digest_length')),
    sa.CheckConstraint("purpose <> ''", name=op.f('ck_query_certificate_purpose_stated')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_query_certificate_authority_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_query_certificate_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_query_certificate')),
    sa.UniqueConstraint('day', 'sequence', name='uq_query_certificate_number')
    )
    op.create_index(op.f('ix_query_certificate_authority_id'), 'query_certificate', ['authority_id'])
    op.create_index(op.f('ix_query_certificate_operator_id'), 'query_certificate', ['operator_id'])
    op.create_table('certificate_print',
    sa.Column('certificate_id', sa.BigInteger(), nullable=False),
    sa.Column('print_no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('printed_by', sa.Text(), nullable=False),
    sa.Column('printed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sha256', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('print_no BETWEEN 1 AND 9999', name=op.f('ck_certificate_print_four_digits')),
    sa.ForeignKeyConstraint(['certificate_id'], ['query_certificate.id'], name=op.f('fk_certificate_print_certificate_id')),
    sa.PrimaryKeyConstraint('certificate_id', 'print_no', name=op.f('pk_certificate_print'))
    )
    op.create_table('operator_contact',
    sa.Column('operator_id', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('noted_by', sa.Text(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_operator_contact_operator_id')),
    sa.PrimaryKeyConstraint('operator_id', name=op.f('pk_operator_contact'))
    )


def downgrade() -> None:
    op.drop_table('operator_contact')
    op.drop_table('certificate_print')
    op.drop_table('query_certificate')
