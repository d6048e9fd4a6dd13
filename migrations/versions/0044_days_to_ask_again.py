"""Events that name a day on which somebody asks again are found without the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

ASKS = "type IN ('consent_refused', 'consent_withdrawn', 'paused')"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_asks_again",
            ["type"],
            unique=False,
            postgresql_where=sa.text(ASKS),
            sqlite_where=sa.text(ASKS),
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_asks_again")
