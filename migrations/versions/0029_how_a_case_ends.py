"""how a case ends, and what was said then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_closing",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("goals", sa.String(), nullable=False),
        sa.Column("reached", sa.String(), nullable=False),
        sa.Column("remains", sa.String(), nullable=False),
        sa.Column("family_view", sa.String(), nullable=False),
        sa.Column("agrees", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_case_closing_decided_by_id_person")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_case_closing_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_closing")),
    )
    with op.batch_alter_table("case_closing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_closing_subject_id"), ["subject_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("case_closing")
