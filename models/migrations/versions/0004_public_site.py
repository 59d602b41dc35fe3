"""public site: announcements, kept figures, walking the public lists"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

KINDS = ('11', '12', '13', '21', '22', '23', '31', '32', '33', '41', '42', '99')


def upgrade() -> None:
    op.create_table('announcement',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='announcementkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'withdrawn', name='announcementstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('authority_id', sa.BigInteger(), nullable=False),
    sa.Column('record_ids', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('drafted_by', sa.Text(), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Text(), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('withdrawal_reason', sa.Text(), nullable=True),
    sa.CheckConstraint("title <> '' AND body <> ''", name=op.f('ck_announcement_worded')),
    sa.CheckConstraint("(state = 'draft') = (published_by IS NULL)", name=op.f('ck_announcement_published_by_somebody')),
    sa.CheckConstraint("(state = 'draft') = (published_on IS NULL)", name=op.f('ck_announcement_published_on_a_day')),
    sa.CheckConstraint("published_by <> drafted_by", name=op.f('ck_announcement_two_persons')),
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawal_reason IS NOT NULL)", name=op.f('ck_announcement_withdrawn_with_reason')),
    sa.CheckConstraint("kind NOT IN ('12', '22', '23') OR record_ids = '{}'", name=op.f('ck_announcement_removal_names_nobody')),
    sa.ForeignKeyConstraint(['authority_id'], ['authority.id'], name=op.f('fk_announcement_authority_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement'))
    )
    op.create_index('ix_announcement_published_on', 'announcement', [sa.text('published_on DESC'), sa.text('id DESC')], unique=False, postgresql_where=sa.text("state = 'published'"))
    op.create_table('public_figures',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_public_figures'))
    )
    op.create_index('ix_public_finding_abnormal', 'public_finding', [sa.text('public_from DESC'), sa.text('record_id DESC')], unique=False, postgresql_where=sa.text("type IN ('abnormal_listing', 'household_mark')"))
    op.create_index('ix_public_finding_violations', 'public_finding', [sa.text('public_from DESC'), sa.text('record_id DESC')], unique=False, postgresql_where=sa.text("type IN ('violation_listing')"))


def downgrade() -> None:
    op.drop_index('ix_public_finding_violations', table_name='public_finding')
    op.drop_index('ix_public_finding_abnormal', table_name='public_finding')
    op.drop_table('public_figures')
    op.drop_index('ix_announcement_published_on', table_name='announcement')
    op.drop_table('announcement')
