"""The next meeting that a contact agreed on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("next_time", sa.String(length=5), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_column("next_time")
        batch_op.drop_column("next_on")
