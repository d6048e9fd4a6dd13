"""A sealed record names its family once it was opened, so that it goes when the family is erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.add_column(sa.Column("family_id", sa.Uuid(), nullable=True))
        batch_op.create_index("ix_envelope_family", ["family_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.drop_index("ix_envelope_family")
        batch_op.drop_column("family_id")
