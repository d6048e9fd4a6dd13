"""Indexes in the order in which the lists of cases and signals are read."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0035"
branch_labels = None
depends_on = None

CASES = {
    "organisation": ["organisation_id"],
    "organisation_stage": ["organisation_id", "stage"],
    "territory": ["territory_id"],
    "territory_stage": ["territory_id", "stage"],
    "curator": ["curator_id"],
    "stage": ["stage"],
    "kind": ["kind"],
}
BEFORE = ("organisation", "territory", "curator", "stage")
SIGNALS = {"order": [], "state_order": ["state"], "way_order": ["way"]}


def upgrade() -> None:
    """Apply."""
    for name, columns in CASES.items():
        if name in BEFORE:
            op.drop_index(f"ix_case_line_{name}", "case_line")
        op.create_index(f"ix_case_line_{name}", "case_line", [*columns, "next_on", "id"])
    for name, columns in SIGNALS.items():
        op.create_index(f"ix_signal_{name}", "signal", [*columns, "received_at", "id"])


def downgrade() -> None:
    """Take back."""
    for name in SIGNALS:
        op.drop_index(f"ix_signal_{name}", "signal")
    for name, columns in CASES.items():
        op.drop_index(f"ix_case_line_{name}", "case_line")
        if name in BEFORE:
            op.create_index(f"ix_case_line_{name}", "case_line", [*columns, "next_on"])
