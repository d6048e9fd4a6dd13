"""course of a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "retention_act",
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("kept_years", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_retention_act_by_id_person")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_retention_act_family_id_family")),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territory.id"], name=op.f("fk_retention_act_territory_id_territory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_act")),
        sa.UniqueConstraint("family_id", name=op.f("uq_retention_act_family_id")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_retention_act_year")),
    )
    with op.batch_alter_table("retention_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_act_territory_id"), ["territory_id"], unique=False)

    op.create_table(
        "aftercare_plan",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("agreed", sa.String(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("ended_as", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["after_id"], ["subject.id"], name=op.f("fk_aftercare_plan_after_id_subject")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_aftercare_plan_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_aftercare_plan_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aftercare_plan")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_aftercare_plan_subject_id")),
    )
    with op.batch_alter_table("aftercare_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aftercare_plan_after_id"), ["after_id"], unique=False)

    op.create_table(
        "contact_schedule",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("with_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("is_accompanied", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_contact_schedule_author_id_person")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_contact_schedule_family_id_family")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["family_member.id"], name=op.f("fk_contact_schedule_member_id_family_member")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_contact_schedule_subject_id_subject")),
        sa.ForeignKeyConstraint(
            ["with_id"], ["family_member.id"], name=op.f("fk_contact_schedule_with_id_family_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_schedule")),
    )
    with op.batch_alter_table("contact_schedule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_schedule_family_id"), ["family_id"], unique=False)
        batch_op.create_index("ix_contact_schedule_subject", ["subject_id", "until_on"], unique=False)

    op.create_table(
        "court_date",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("time", sa.String(length=5), nullable=False),
        sa.Column("court", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_court_date_author_id_person")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_court_date_family_id_family")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["family_member.id"], name=op.f("fk_court_date_member_id_family_member")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_court_date_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_court_date")),
    )
    with op.batch_alter_table("court_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_court_date_family_id"), ["family_id"], unique=False)
        batch_op.create_index("ix_court_date_subject", ["subject_id", "on"], unique=False)

    op.create_table(
        "file_control",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("ended_as", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_file_control_subject_id_subject")),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territory.id"], name=op.f("fk_file_control_territory_id_territory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_control")),
    )
    with op.batch_alter_table("file_control", schema=None) as batch_op:
        batch_op.create_index("ix_file_control_list", ["territory_id", "until_on", "review_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_file_control_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("named", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("rights", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_placement_author_id_person")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_placement_family_id_family")),
        sa.ForeignKeyConstraint(["member_id"], ["family_member.id"], name=op.f("fk_placement_member_id_family_member")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_placement_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_placement_subject", ["subject_id", "until_on"], unique=False)

    op.create_table(
        "transfer",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_transfer_decided_by_id_person")),
        sa.ForeignKeyConstraint(["from_id"], ["territory.id"], name=op.f("fk_transfer_from_id_territory")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_transfer_sent_by_id_person")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_transfer_subject_id_subject")),
        sa.ForeignKeyConstraint(["to_id"], ["territory.id"], name=op.f("fk_transfer_to_id_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index("ix_transfer_to", ["to_id", "decided_on"], unique=False)

    op.create_table(
        "placement_visit",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_placement_visit_author_id_person")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_placement_visit_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_visit")),
    )
    with op.batch_alter_table("placement_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_visit_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "scheduled_contact",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("took_place", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_scheduled_contact_author_id_person")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["contact_schedule.id"], name=op.f("fk_scheduled_contact_schedule_id_contact_schedule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_contact")),
    )
    with op.batch_alter_table("scheduled_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scheduled_contact_schedule_id"), ["schedule_id"], unique=False)

    with op.batch_alter_table("family", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_on", sa.Date(), nullable=True))

    with op.batch_alter_table("family_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("died_on", sa.Date(), nullable=True))

    with op.batch_alter_table("territory", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_years", sa.Integer(), server_default="5", nullable=False))

    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.create_index("ix_subject_closed", ["territory_id", "closed_on"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.drop_index("ix_subject_closed")

    with op.batch_alter_table("territory", schema=None) as batch_op:
        batch_op.drop_column("kept_years")

    with op.batch_alter_table("family_member", schema=None) as batch_op:
        batch_op.drop_column("died_on")

    with op.batch_alter_table("family", schema=None) as batch_op:
        batch_op.drop_column("erased_on")

    with op.batch_alter_table("scheduled_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scheduled_contact_schedule_id"))

    op.drop_table("scheduled_contact")
    with op.batch_alter_table("placement_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_visit_placement_id"))

    op.drop_table("placement_visit")
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.drop_index("ix_transfer_to")
        batch_op.drop_index(batch_op.f("ix_transfer_subject_id"))

    op.drop_table("transfer")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index("ix_placement_subject")
        batch_op.drop_index(batch_op.f("ix_placement_member_id"))
        batch_op.drop_index(batch_op.f("ix_placement_family_id"))

    op.drop_table("placement")
    with op.batch_alter_table("file_control", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_control_subject_id"))
        batch_op.drop_index("ix_file_control_list")

    op.drop_table("file_control")
    with op.batch_alter_table("court_date", schema=None) as batch_op:
        batch_op.drop_index("ix_court_date_subject")
        batch_op.drop_index(batch_op.f("ix_court_date_family_id"))

    op.drop_table("court_date")
    with op.batch_alter_table("contact_schedule", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_schedule_subject")
        batch_op.drop_index(batch_op.f("ix_contact_schedule_family_id"))

    op.drop_table("contact_schedule")
    with op.batch_alter_table("aftercare_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aftercare_plan_after_id"))

    op.drop_table("aftercare_plan")
    with op.batch_alter_table("retention_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retention_act_territory_id"))

    op.drop_table("retention_act")
