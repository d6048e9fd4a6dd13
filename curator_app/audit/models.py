"""The audit trail's one table."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from curator_app.clock import now
from curator_app.database import Base


class AuditRow(Base):
    """Who did or read what, when, from which browser. Rows are only ever added."""

    __tablename__ = "audit"
    at: Mapped[datetime] = mapped_column(default=now)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    act: Mapped[str]
    """subject:act, such as family:read, visit:recorded, kit:taken."""
    family_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("family.id"))
    object_id: Mapped[uuid.UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


Index("ix_audit_family", AuditRow.family_id, AuditRow.at)
Index("ix_audit_person", AuditRow.person_id, AuditRow.at)
