"""indexes on the columns that refer to operators, which taking a run back asks once for each of them"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_operator_successor_id', 'operator', ['successor_id'], postgresql_where=sa.text('successor_id IS NOT NULL')
    )
    op.create_index('ix_credit_report_operator_id', 'credit_report', ['operator_id'])
    op.create_index('ix_client_reading_operator_id', 'client_reading', ['operator_id'])


def downgrade() -> None:
    op.drop_index('ix_client_reading_operator_id', table_name='client_reading')
    op.drop_index('ix_credit_report_operator_id', table_name='credit_report')
    op.drop_index('ix_operator_successor_id', table_name='operator')
