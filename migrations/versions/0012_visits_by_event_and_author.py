"""visits found by their event, by what they replace and by who means to supplement them: no table is read whole."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_event", ["event_id"], unique=False)
        batch_op.create_index("ix_visit_supersedes", ["supersedes_id"], unique=False)
        batch_op.create_index("ix_visit_author", ["author_id", "unfinished"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_author")
        batch_op.drop_index("ix_visit_supersedes")
        batch_op.drop_index("ix_visit_event")
