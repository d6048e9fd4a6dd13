"""signals, who told them, and what they are recognised by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "knock",
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_knock_territory_id_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knock")),
    )
    with op.batch_alter_table("knock", schema=None) as batch_op:
        batch_op.create_index("ix_knock", ["territory_id", "at"], unique=False)

    op.create_table(
        "signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("phone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("safe_now", sa.String(), nullable=False),
        sa.Column("measures", sa.String(), nullable=False),
        sa.Column("children", sa.JSON(), nullable=False),
        sa.Column("adults", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("registered_by_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("leads_to_id", sa.Uuid(), nullable=True),
        sa.Column("erase_on", sa.Date(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_signal_author_id_person")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_signal_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_signal_family_id_family")),
        sa.ForeignKeyConstraint(["id"], ["subject.id"], name=op.f("fk_signal_id_subject")),
        sa.ForeignKeyConstraint(["leads_to_id"], ["subject.id"], name=op.f("fk_signal_leads_to_id_subject")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_signal_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["registered_by_id"], ["person.id"], name=op.f("fk_signal_registered_by_id_person")),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_signal_territory_id_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("territory_id", "year", "number", name=op.f("uq_signal_territory_id")),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index("ix_signal_author", ["author_id", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_signal_erase_on"), ["erase_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_signal_family_id"), ["family_id"], unique=False)
        batch_op.create_index("ix_signal_journal", ["territory_id", "received_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signal_leads_to_id"), ["leads_to_id"], unique=False)
        batch_op.create_index("ix_signal_state", ["territory_id", "state", "received_at", "id"], unique=False)

    op.create_table(
        "informant",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_informant_signal_id_signal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_informant")),
        sa.UniqueConstraint("signal_id", name=op.f("uq_informant_signal_id")),
    )
    op.create_table(
        "signal_word",
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_signal_word_signal_id_signal")),
        sa.PrimaryKeyConstraint("place", "word", "signal_id", name=op.f("pk_signal_word")),
    )
    with op.batch_alter_table("signal_word", schema=None) as batch_op:
        batch_op.create_index("ix_signal_word_signal", ["signal_id", "word"], unique=False)

    with op.batch_alter_table("territory", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_signals", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("unconfirmed_months", sa.Integer(), server_default="6", nullable=False))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("territory", schema=None) as batch_op:
        batch_op.drop_column("unconfirmed_months")
        batch_op.drop_column("public_signals")

    with op.batch_alter_table("signal_word", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_word_signal")

    op.drop_table("signal_word")
    op.drop_table("informant")
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_state")
        batch_op.drop_index(batch_op.f("ix_signal_leads_to_id"))
        batch_op.drop_index("ix_signal_journal")
        batch_op.drop_index(batch_op.f("ix_signal_family_id"))
        batch_op.drop_index(batch_op.f("ix_signal_erase_on"))
        batch_op.drop_index("ix_signal_author")

    op.drop_table("signal")
    with op.batch_alter_table("knock", schema=None) as batch_op:
        batch_op.drop_index("ix_knock")

    op.drop_table("knock")
