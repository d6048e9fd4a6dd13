"""families found by their words, and listed in one order on every database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BYTEWISE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Apply. The words themselves are made at the next start, by today's rules for words."""
    with op.batch_alter_table("family", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listed_as", BYTEWISE, server_default="", nullable=False))
        batch_op.create_index("ix_family_listed", ["listed_as", "id"], unique=False)

    op.create_table(
        "family_word",
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("word", BYTEWISE, nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_family_word_family_id_family")),
        sa.PrimaryKeyConstraint("place", "word", "family_id", name=op.f("pk_family_word")),
    )
    op.create_index("ix_family_word_family", "family_word", ["family_id", "word"], unique=False)
    op.create_table(
        "word_variant",
        sa.Column("variant", BYTEWISE, nullable=False),
        sa.Column("word", BYTEWISE, nullable=False),
        sa.PrimaryKeyConstraint("variant", "word", name=op.f("pk_word_variant")),
    )
    family = sa.table("family", sa.column("id"), sa.column("surname"), sa.column("listed_as"))
    rows = op.get_bind().execute(sa.select(family.c.id, family.c.surname)).all()
    for row in rows:
        listed_as = row.surname.casefold().replace("ё", "е")
        op.execute(family.update().where(family.c.id == row.id).values(listed_as=listed_as))


def downgrade() -> None:
    """Take back."""
    op.drop_table("word_variant")
    op.drop_index("ix_family_word_family", table_name="family_word")
    op.drop_table("family_word")
    with op.batch_alter_table("family", schema=None) as batch_op:
        batch_op.drop_index("ix_family_listed")
        batch_op.drop_column("listed_as")
