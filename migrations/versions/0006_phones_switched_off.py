"""phones switched off, phones that ask."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("drain_way", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("accepts_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("enrolment_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approval", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("label", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("replaces_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("decided_by_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key("fk_enrolment_link_replaces_id_enrolment", "enrolment", ["replaces_id"], ["id"])
        batch_op.create_foreign_key("fk_enrolment_link_decided_by_id_person", "person", ["decided_by_id"], ["id"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("enrolment_link", schema=None) as batch_op:
        batch_op.drop_constraint("fk_enrolment_link_decided_by_id_person", type_="foreignkey")
        batch_op.drop_constraint("fk_enrolment_link_replaces_id_enrolment", type_="foreignkey")
        batch_op.drop_column("decided_by_id")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("label")
        batch_op.drop_column("approval")

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_column("revoked_at")
        batch_op.drop_column("accepts_until")
        batch_op.drop_column("drain_way")
