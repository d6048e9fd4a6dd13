"""repairs and backups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "verified_backup",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verified_backup")),
    )
    op.create_table(
        "repair_note",
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_repair_note_author_id_person")),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name=op.f("fk_repair_note_envelope_id_envelope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_note")),
    )
    with op.batch_alter_table("repair_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repair_note_envelope_id"), ["envelope_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("repair_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repair_note_envelope_id"))
    op.drop_table("repair_note")
    op.drop_table("verified_backup")
