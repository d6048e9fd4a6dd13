"""what is owed, as a table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "recount",
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recount")),
    )
    op.create_table(
        "duty",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("anchor_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aim_on", sa.Date(), nullable=True),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_by_id", sa.Uuid(), nullable=True),
        sa.Column("paused_since", sa.Date(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["anchor_id"], ["event.id"], name=op.f("fk_duty_anchor_id_event")),
        sa.ForeignKeyConstraint(["met_by_id"], ["event.id"], name=op.f("fk_duty_met_by_id_event")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_duty_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("subject_id", "rule", "anchor_id", "period", name=op.f("uq_duty_subject_id")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index(
            "ix_duty_due",
            ["due_on"],
            unique=False,
            postgresql_where=sa.text("met_on IS NULL"),
            sqlite_where=sa.text("met_on IS NULL"),
        )
        batch_op.create_index(
            "ix_duty_open",
            ["subject_id"],
            unique=False,
            postgresql_where=sa.text("met_on IS NULL"),
            sqlite_where=sa.text("met_on IS NULL"),
        )

    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reproject_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reproject_claimed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("projection_fault", sa.String(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_subject_reproject_on"), ["reproject_on"], unique=False)
    # What was written before has no duties yet: the sweep works them out, a batch a minute.
    op.execute("UPDATE subject SET reproject_on = '2000-01-01'")


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_reproject_on"))
        batch_op.drop_column("projection_fault")
        batch_op.drop_column("reproject_claimed_at")
        batch_op.drop_column("reproject_on")

    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_duty_open", postgresql_where=sa.text("met_on IS NULL"), sqlite_where=sa.text("met_on IS NULL")
        )
        batch_op.drop_index(
            "ix_duty_due", postgresql_where=sa.text("met_on IS NULL"), sqlite_where=sa.text("met_on IS NULL")
        )

    op.drop_table("duty")
    op.drop_table("recount")
