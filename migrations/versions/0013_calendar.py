"""days of the calendar put right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. An event is called as in the vocabulary of procedures."""
    op.execute("UPDATE event SET type = 'substitute_named' WHERE type = 'substitute_set'")
    op.create_table(
        "calendar_version",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_version")),
        sa.UniqueConstraint("name", name=op.f("uq_calendar_version_name")),
    )
    op.create_table(
        "calendar_change",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_calendar_change_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
        sa.UniqueConstraint("number", name=op.f("uq_calendar_change_number")),
    )
    with op.batch_alter_table("calendar_change", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_change_day", ["layer", "on"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.execute("UPDATE event SET type = 'substitute_set' WHERE type = 'substitute_named'")
    with op.batch_alter_table("calendar_change", schema=None) as batch_op:
        batch_op.drop_index("ix_calendar_change_day")

    op.drop_table("calendar_change")
    op.drop_table("calendar_version")
