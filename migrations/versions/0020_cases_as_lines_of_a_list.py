"""Cases as lines of the office's list; the sweep writes those that are there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_line",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("curator_id", sa.Uuid(), nullable=True),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["curator_id"], ["person.id"], name=op.f("fk_case_line_curator_id_person")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_case_line_family_id_family")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_case_line_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_case_line_subject_id_subject")),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_case_line_territory_id_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_line")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_case_line_subject_id")),
    )
    with op.batch_alter_table("case_line", schema=None) as batch_op:
        batch_op.create_index("ix_case_line_curator", ["curator_id", "next_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_line_family_id"), ["family_id"], unique=False)
        batch_op.create_index("ix_case_line_order", ["next_on", "id"], unique=False)
        batch_op.create_index("ix_case_line_organisation", ["organisation_id", "next_on"], unique=False)
        batch_op.create_index("ix_case_line_stage", ["stage", "next_on"], unique=False)
        batch_op.create_index("ix_case_line_territory", ["territory_id", "next_on"], unique=False)
    op.execute("UPDATE subject SET reproject_on = '2020-01-01' WHERE family_id IS NOT NULL AND closed_on IS NULL")


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("case_line", schema=None) as batch_op:
        batch_op.drop_index("ix_case_line_territory")
        batch_op.drop_index("ix_case_line_stage")
        batch_op.drop_index("ix_case_line_organisation")
        batch_op.drop_index("ix_case_line_order")
        batch_op.drop_index(batch_op.f("ix_case_line_family_id"))
        batch_op.drop_index("ix_case_line_curator")

    op.drop_table("case_line")
