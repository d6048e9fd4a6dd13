"""what protects a child."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "safety_plan",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("child_name", sa.String(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("place_words", sa.String(), nullable=False),
        sa.Column("place_address", sa.String(), nullable=False),
        sa.Column("with_whom", sa.String(), nullable=False),
        sa.Column("child_knows", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("end_words", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_safety_plan_author_id_person")),
        sa.ForeignKeyConstraint(["child_id"], ["family_member.id"], name=op.f("fk_safety_plan_child_id_family_member")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_safety_plan_ended_by_id_person")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["safety_plan.id"], name=op.f("fk_safety_plan_replaced_by_id_safety_plan")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_safety_plan_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_plan")),
    )
    with op.batch_alter_table("safety_plan", schema=None) as batch_op:
        batch_op.create_index("ix_safety_plan_child", ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_safety_plan_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "alarm_notice",
        sa.Column("alarm_id", sa.Uuid(), nullable=False),
        sa.Column("addressee", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("accepted_by", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alarm_id"], ["alarm.id"], name=op.f("fk_alarm_notice_alarm_id_alarm")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_alarm_notice_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_notice")),
    )
    with op.batch_alter_table("alarm_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_notice_alarm_id"), ["alarm_id"], unique=False)

    op.create_table(
        "safety_measure",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("threat", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("agreed", sa.String(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["safety_plan.id"], name=op.f("fk_safety_measure_plan_id_safety_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_measure")),
    )
    with op.batch_alter_table("safety_measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safety_measure_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "measure_check",
        sa.Column("measure_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_measure_check_author_id_person")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_measure_check_contact_id_contact")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["safety_measure.id"], name=op.f("fk_measure_check_measure_id_safety_measure")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_measure_check_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_check")),
    )
    with op.batch_alter_table("measure_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_check_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_check_measure_id"), ["measure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_check_visit_id"), ["visit_id"], unique=False)

    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("closed_as_decided_by", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("closing", sa.String(), server_default="", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_alarm_closed_by_id_person"), "person", ["closed_by_id"], ["id"])
    # What was settled before anybody could end an emergency is over.
    op.execute("UPDATE alarm SET closed_at = coalesce(cancelled_at, confirmed_at) WHERE state <> 'open'")


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_alarm_closed_by_id_person"), type_="foreignkey")
        batch_op.drop_column("closing")
        batch_op.drop_column("closed_as_decided_by")
        batch_op.drop_column("closed_by_id")
        batch_op.drop_column("closed_at")

    with op.batch_alter_table("measure_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_check_visit_id"))
        batch_op.drop_index(batch_op.f("ix_measure_check_measure_id"))
        batch_op.drop_index(batch_op.f("ix_measure_check_contact_id"))

    op.drop_table("measure_check")
    with op.batch_alter_table("safety_measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safety_measure_plan_id"))

    op.drop_table("safety_measure")
    with op.batch_alter_table("alarm_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alarm_notice_alarm_id"))

    op.drop_table("alarm_notice")
    with op.batch_alter_table("safety_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safety_plan_subject_id"))
        batch_op.drop_index("ix_safety_plan_child")

    op.drop_table("safety_plan")
