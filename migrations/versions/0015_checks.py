"""checks of signals: questions, orders, acts of survey, findings, decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "commission_order",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("addressee", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("act_number", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_commission_order_given_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_commission_order_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_commission_order_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_order")),
    )
    with op.batch_alter_table("commission_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commission_order_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("child", sa.Integer(), nullable=False),
        sa.Column("instruments", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_finding_author_id_person")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_finding_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index("ix_finding", ["subject_id", "child", "item"], unique=False)

    op.create_table(
        "inquiry",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("addressee", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("link_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_inquiry_asked_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_inquiry_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_inquiry_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_inquiry_token_hash")),
    )
    with op.batch_alter_table("inquiry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiry_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "investigation",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column("members", sa.String(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_investigation_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investigation")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_investigation_subject_id")),
    )
    op.create_table(
        "signal_decision",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("resolution_no", sa.String(), nullable=False),
        sa.Column("leads_to_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_signal_decision_author_id_person")),
        sa.ForeignKeyConstraint(["leads_to_id"], ["subject.id"], name=op.f("fk_signal_decision_leads_to_id_subject")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_signal_decision_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_decision")),
        sa.UniqueConstraint("subject_id", "outcome", name=op.f("uq_signal_decision_subject_id")),
    )
    op.create_table(
        "survey_act",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=False),
        sa.Column("drawn_up_on", sa.Date(), nullable=False),
        sa.Column("surveyed_by", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_survey_act_author_id_person")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_survey_act_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_act")),
    )
    with op.batch_alter_table("survey_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_act_subject_id"), ["subject_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("survey_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_act_subject_id"))

    op.drop_table("survey_act")
    op.drop_table("signal_decision")
    op.drop_table("investigation")
    with op.batch_alter_table("inquiry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiry_subject_id"))

    op.drop_table("inquiry")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index("ix_finding")

    op.drop_table("finding")
    with op.batch_alter_table("commission_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commission_order_subject_id"))

    op.drop_table("commission_order")
