"""Every table, imported in one place: migrations and jobs need the whole picture."""

from curator_app.audit.models import AuditRow
from curator_app.auth.models import (
    Challenge,
    Enrolment,
    EnrolmentLink,
    Organisation,
    Passkey,
    Person,
    Role,
    SignIn,
    Territory,
)
from curator_app.families.models import Family, FamilyMember
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.sync.models import Counter, Envelope
from curator_app.visits.models import NumberSeries, Observation, Photo, SectionNote, Visit

__all__ = [
    "Assignment",
    "AuditRow",
    "Challenge",
    "Counter",
    "Enrolment",
    "EnrolmentLink",
    "Envelope",
    "Event",
    "Family",
    "FamilyMember",
    "NumberSeries",
    "Observation",
    "Organisation",
    "Passkey",
    "Person",
    "Photo",
    "Role",
    "SectionNote",
    "SignIn",
    "Subject",
    "Territory",
    "Visit",
]
