"""accounts of officers, their passwords and sessions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

ROLES = (
    "'audit_admin', 'entry', 'exchange', 'legal', 'objection', 'publish', 'repair', 'review', 'security_admin', "
    "'superior', 'system_admin'"
)
ADMINISTRATORS = "'audit_admin', 'security_admin', 'system_admin'"


def upgrade() -> None:
    op.create_table(
        'officer',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('roles', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('authority_id', sa.BigInteger(), nullable=False),
        sa.Column('password_hash', sa.Text(), nullable=False),
        sa.Column('password_set_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('must_change', sa.Boolean(), nullable=False),
        sa.Column('totp_secret', sa.LargeBinary(), nullable=True),
        sa.Column('totp_confirmed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('totp_step', sa.BigInteger(), nullable=True),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('first_failure_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name ~ '^[a-z][a-z0-9._-]{1,31}$'", name=op.f('ck_officer_name_form')),
        sa.CheckConstraint(
            f"roles <@ ARRAY[{ROLES}]::text[] AND cardinality(roles) > 0", name=op.f('ck_officer_roles_known')
        ),
        sa.CheckConstraint(
            f"cardinality(roles) = 1 OR NOT roles && ARRAY[{ADMINISTRATORS}]::text[]",
            name=op.f('ck_officer_roles_separate'),
        ),
        sa.CheckConstraint(
            'totp_confirmed_at IS NULL OR totp_secret IS NOT NULL', name=op.f('ck_officer_confirmed_has_secret')
        ),
        sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_officer_authority_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_officer')),
        sa.UniqueConstraint('name', name=op.f('uq_officer_name')),
    )
    op.create_table(
        'officer_password',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('officer_id', sa.BigInteger(), nullable=False),
        sa.Column('password_hash', sa.Text(), nullable=False),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_officer_password_officer_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_officer_password')),
    )
    op.create_index('ix_officer_password_officer_id', 'officer_password', ['officer_id'])
    op.create_table(
        'officer_session',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('token_hash', sa.LargeBinary(), nullable=False),
        sa.Column('officer_id', sa.BigInteger(), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('second_factor_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('stepped_up_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('browser', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(['officer_id'], ['officer.id'], name=op.f('fk_officer_session_officer_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_officer_session')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_officer_session_token_hash')),
    )
    op.create_index('ix_officer_session_officer_id', 'officer_session', ['officer_id'])


def downgrade() -> None:
    op.drop_table('officer_session')
    op.drop_table('officer_password')
    op.drop_table('officer')
