"""cases: cover, children, handovers, copies, services."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_child",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("placement", sa.String(), nullable=False),
        sa.Column("placed_with", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["family_member.id"], name=op.f("fk_case_child_member_id_family_member")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_case_child_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_child")),
        sa.UniqueConstraint("subject_id", "member_id", name=op.f("uq_case_child_subject_id")),
    )
    with op.batch_alter_table("case_child", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_child_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_case_child_subject", ["subject_id", "until_on"], unique=False)

    op.create_table(
        "case_file",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("resolution_no", sa.String(), nullable=False),
        sa.Column("resolution_on", sa.Date(), nullable=True),
        sa.Column("resolution_text", sa.String(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_case_file_opened_by_id_person")),
        sa.ForeignKeyConstraint(["signal_id"], ["subject.id"], name=op.f("fk_case_file_signal_id_subject")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_case_file_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_case_file_subject_id")),
    )
    op.create_table(
        "handover",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("under_way", sa.String(), nullable=False),
        sa.Column("careful", sa.String(), nullable=False),
        sa.Column("contacts", sa.String(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_handover_from_id_person")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_handover_subject_id_subject")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_handover_to_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index("ix_handover_subject", ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_to_id"), ["to_id"], unique=False)

    op.create_table(
        "paper_copy",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("addressee", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_paper_copy_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_paper_copy_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_copy")),
    )
    with op.batch_alter_table("paper_copy", schema=None) as batch_op:
        batch_op.create_index("ix_paper_copy_subject", ["subject_id"], unique=False)

    op.create_table(
        "services_programme",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("drawn_up_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["drawn_up_by_id"], ["person.id"], name=op.f("fk_services_programme_drawn_up_by_id_person")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_services_programme_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services_programme")),
    )
    with op.batch_alter_table("services_programme", schema=None) as batch_op:
        batch_op.create_index("ix_services_programme_subject", ["subject_id"], unique=False)

    op.create_table(
        "service",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("volume", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["services_programme.id"], name=op.f("fk_service_programme_id_services_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_programme_id"), ["programme_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_programme_id"))

    op.drop_table("service")
    with op.batch_alter_table("services_programme", schema=None) as batch_op:
        batch_op.drop_index("ix_services_programme_subject")

    op.drop_table("services_programme")
    with op.batch_alter_table("paper_copy", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_copy_subject")

    op.drop_table("paper_copy")
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_to_id"))
        batch_op.drop_index("ix_handover_subject")

    op.drop_table("handover")
    op.drop_table("case_file")
    with op.batch_alter_table("case_child", schema=None) as batch_op:
        batch_op.drop_index("ix_case_child_subject")
        batch_op.drop_index(batch_op.f("ix_case_child_member_id"))

    op.drop_table("case_child")
