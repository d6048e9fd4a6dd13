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
from curator_app.cases.channel_models import FamilyCard, FamilyRequest
from curator_app.cases.course_models import AftercarePlan, CaseClosing, FileControl, RetentionAct, Transfer
from curator_app.cases.models import CaseChild, CaseFile, Handover, PaperCopy, Service, ServicesProgramme
from curator_app.cases.placement_models import (
    ContactSchedule,
    CourtDate,
    Placement,
    PlacementVisit,
    ScheduledContact,
)
from curator_app.cases.safety_models import MeasureCheck, SafetyMeasure, SafetyPlan
from curator_app.families.models import Caution, Family, FamilyMember
from curator_app.families.search_models import family_word, word_variant
from curator_app.intake.check_models import Decision, Finding, Inquiry, Investigation, Order, SurveyAct
from curator_app.intake.models import Informant, Knock, Signal, signal_word
from curator_app.reminders.delay_models import DelayReason, SupportRequest
from curator_app.reminders.models import AddressCheck, CalendarLink, Cursor, Parcel, Reminder, Subscription
from curator_app.subjects.duty_models import DutyRow, Recount
from curator_app.subjects.line_models import CaseLine
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.numbers import NumberSeries
from curator_app.sync.models import Counter, Envelope, RepairNote, VerifiedBackup
from curator_app.urgent.episode_models import AlarmNotice
from curator_app.urgent.models import Alarm, AlarmStep, CheckIn
from curator_app.visits.acquainted import CaseAcquaintance
from curator_app.visits.agreements import Acquaintance, Promise
from curator_app.visits.models import (
    ChildWords,
    Contact,
    Mention,
    Observation,
    Photo,
    SectionNote,
    Statement,
    Visit,
)
from curator_app.visits.planning_models import MonthSchedule, PlannedVisit
from curator_app.workdays.models import CalendarChange, CalendarVersion

__all__ = [
    "Acquaintance",
    "AddressCheck",
    "AftercarePlan",
    "Alarm",
    "AlarmNotice",
    "AlarmStep",
    "Assignment",
    "AuditRow",
    "CalendarChange",
    "CalendarLink",
    "CalendarVersion",
    "CaseAcquaintance",
    "CaseChild",
    "CaseClosing",
    "CaseFile",
    "CaseLine",
    "Caution",
    "Challenge",
    "CheckIn",
    "ChildWords",
    "Contact",
    "ContactSchedule",
    "Counter",
    "CourtDate",
    "Cursor",
    "Decision",
    "DelayReason",
    "DutyRow",
    "Enrolment",
    "EnrolmentLink",
    "Envelope",
    "Event",
    "Family",
    "FamilyCard",
    "FamilyMember",
    "FamilyRequest",
    "FileControl",
    "Finding",
    "Handover",
    "Informant",
    "Inquiry",
    "Investigation",
    "Knock",
    "MeasureCheck",
    "Mention",
    "MonthSchedule",
    "NumberSeries",
    "Observation",
    "Order",
    "Organisation",
    "PaperCopy",
    "Parcel",
    "Passkey",
    "Person",
    "Photo",
    "Placement",
    "PlacementVisit",
    "PlannedVisit",
    "Promise",
    "Recount",
    "Reminder",
    "RepairNote",
    "RetentionAct",
    "Role",
    "SafetyMeasure",
    "SafetyPlan",
    "ScheduledContact",
    "SectionNote",
    "Service",
    "ServicesProgramme",
    "SignIn",
    "Signal",
    "Statement",
    "Subject",
    "Subscription",
    "SupportRequest",
    "SurveyAct",
    "Territory",
    "Transfer",
    "VerifiedBackup",
    "Visit",
    "family_word",
    "signal_word",
    "word_variant",
]
