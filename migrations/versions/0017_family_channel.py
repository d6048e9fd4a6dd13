"""The family's own channel and acquaintings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "family_card",
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_card_family_id_family")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_card")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_family_card_code_hash")),
        sa.UniqueConstraint("family_id", name=op.f("uq_family_card_family_id")),
    )
    op.create_table(
        "family_request",
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_family_request_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_request_family_id_family")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_family_request_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territory.id"], name=op.f("fk_family_request_territory_id_territory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_request")),
    )
    with op.batch_alter_table("family_request", schema=None) as batch_op:
        batch_op.create_index("ix_family_request_family", ["family_id", "received_at"], unique=False)
        batch_op.create_index("ix_family_request_organisation", ["organisation_id", "answered_at"], unique=False)
        batch_op.create_index("ix_family_request_territory", ["territory_id", "answered_at"], unique=False)

    op.create_table(
        "case_acquaintance",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("how", sa.JSON(), nullable=False),
        sa.Column("signed", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("card_given", sa.Boolean(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("phone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_case_acquaintance_author_id_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_case_acquaintance_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_case_acquaintance_event_id_event")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_case_acquaintance_family_id_family")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_case_acquaintance_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_acquaintance")),
    )
    with op.batch_alter_table("case_acquaintance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_acquaintance_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_case_acquaintance_family", ["family_id", "on"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("case_acquaintance", schema=None) as batch_op:
        batch_op.drop_index("ix_case_acquaintance_family")
        batch_op.drop_index(batch_op.f("ix_case_acquaintance_event_id"))

    op.drop_table("case_acquaintance")
    with op.batch_alter_table("family_request", schema=None) as batch_op:
        batch_op.drop_index("ix_family_request_territory")
        batch_op.drop_index("ix_family_request_organisation")
        batch_op.drop_index("ix_family_request_family")

    op.drop_table("family_request")
    op.drop_table("family_card")
