"""For the matrix of layers: orders, places and courts, meetings, papers, services, decisions, help afterwards."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from curator_app.auth.models import Organisation, Territory
from curator_app.cases.course_models import AftercarePlan, CaseClosing, Transfer
from curator_app.cases.models import CaseChild, CaseFile, PaperCopy, Service, ServicesProgramme
from curator_app.cases.placement_models import ContactSchedule, CourtDate, Placement, PlacementVisit, ScheduledContact
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.families.models import FamilyMember
from curator_app.intake.check_models import Decision, Order
from curator_app.subjects.models import Subject
from curator_app.visits.acquainted import CaseAcquaintance
from curator_app.visits.planning_models import PlannedVisit
from tests.support.days import demo_day
from tests.support.story_world import World

WORDS: dict[type[Any], dict[str, str]] = {
    Order: {
        "addressee": "АдресатПоручения",
        "number": "НомерПоручения",
        "what": "СутьПоручения",
        "act": "ИсполнениеПоручения",
        "act_number": "НомерИсполнения",
    },
    Placement: {"basis": "ОснованиеПомещения"},
    PlacementVisit: {"words": "СловаУРебёнка"},
    CourtDate: {"court": "НазваниеСуда", "decided": "РешениеСуда"},
    ContactSchedule: {"place": "МестоВстреч", "basis": "ОснованиеВстреч", "ended_why": "КонецВстреч"},
    ScheduledContact: {"words": "СловаОВстрече"},
    CaseClosing: {
        "reached": "ДостигнутоВДеле",
        "remains": "ОсталосьВДеле",
        "family_view": "ВзглядСемьи",
        "why": "ПочемуРешили",
    },
    CaseFile: {"reason": "ПричинаОткрытия", "resolution_no": "НомерРешенья", "resolution_text": "ТекстРешенья"},
    CaseChild: {"placed_with": "УКогоРебёнок"},
    PaperCopy: {"addressee": "АдресатКопии", "number": "НомерКопии", "received_by": "ПринявшийКопию"},
    ServicesProgramme: {"number": "НомерУслуг"},
    Service: {"what": "УслугаСемье", "volume": "ОбъёмУслуги", "term": "СрокУслуги", "provider": "ИсполнительУслуги"},
    Transfer: {"reason": "ПричинаПереезда", "answer": "ОтветРайона"},
    AftercarePlan: {"agreed": "ДоговорПосле"},
    Decision: {"reason": "ПричинаРешения", "decided_by": "РешившийСигнал", "resolution_no": "НомерОСигнале"},
    CaseAcquaintance: {"words": "СловаОзнакомленных"},
    PlannedVisit: {"word": "ПочемуПеренесли"},
}


CARRIES = frozenset({"Кураторова", "Сменщиков", "Главная"})
GROUP = frozenset({"Группин", "Членова"})
OFFICE = frozenset({"Секретарёва", "Председателев", "Окошкин"})
PAPERS, SHARED = CARRIES | GROUP | OFFICE, CARRIES | GROUP
NOBODY: frozenset[str] = frozenset()
READ_BY: dict[type[Any], frozenset[str]] = {
    Order: PAPERS,
    Placement: CARRIES,
    PlacementVisit: CARRIES,
    CourtDate: CARRIES,
    ContactSchedule: CARRIES,
    ScheduledContact: CARRIES,
    CaseClosing: SHARED,
    CaseFile: PAPERS,
    PaperCopy: PAPERS,
    ServicesProgramme: PAPERS,
    Service: PAPERS,
    Transfer: PAPERS,
    AftercarePlan: SHARED,
    Decision: OFFICE,
    CaseChild: CARRIES,
    CaseAcquaintance: NOBODY,  # its event says the same words, to the raw layer
    PlannedVisit: CARRIES,
}
DEEPER = {
    (CaseClosing, "family_view"): CARRIES,
    (CaseFile, "reason"): SHARED,
}
"""Fields that lie deeper than the rest of their table."""


def words_of(surname: str) -> set[str]:
    """Return the words of these tables that one of the case's readers may read."""
    return {
        word
        for table, fields in WORDS.items()
        for name, word in fields.items()
        if surname in DEEPER.get((table, name), READ_BY[table])
    }


def all_words() -> set[str]:
    """Return every word of these tables."""
    return {word for fields in WORDS.values() for word in fields.values()}


def write(world: World, subject: Subject, signal_id: uuid.UUID) -> None:
    """Write one row of each table about a case, and the help that is to follow it."""
    on, author = demo_day(), world.people["Кураторова"]
    child, adult = _member("Петя"), _member("Нина")
    own = {"subject_id": subject.id}
    mine = own | {"family_id": subject.family_id, "author_id": author}
    centre = db.session.scalars(select(Organisation).where(Organisation.kind == "social_service")).one()
    _add(Order, **own, kind="other", given_on=on, due_on=on, returned_on=on)
    place = db.session.scalars(select(Placement)).one()
    place.basis = WORDS[Placement]["basis"]
    place.visits.append(PlacementVisit(on=on, author_id=author, **WORDS[PlacementVisit]))
    _add(CourtDate, **mine, about="removal", on=on, state="held")
    _meetings(mine, child, adult)
    _add(CaseClosing, **own, on=on, outcome="keep_and_continue", goals="partly", decided_by_id=author)
    cover = db.session.scalars(select(CaseFile).where(CaseFile.subject_id == subject.id)).one()
    row = db.session.scalars(select(CaseChild).where(CaseChild.subject_id == subject.id)).one()
    for told in (cover, row):
        for name, word in WORDS[type(told)].items():
            setattr(told, name, word)
    _add(PaperCopy, **own, paper="resolution", way="by_post", sent_on=on, received_on=on)
    programme = _add(ServicesProgramme, **own, since_on=on, until_on=on)
    programme.services.append(Service(position=0, **WORDS[Service]))
    _moved(world, subject)
    decided = {"subject_id": signal_id, "outcome": "registered", "decided_on": on, "leads_to_id": subject.id}
    _add(Decision, **decided)
    acquainted = {"id": uuid.uuid4(), "about": "group", "on": on, "form_version": "acquaintance@1"}
    _add(CaseAcquaintance, **mine, **acquainted, received_at=now())
    _planned(subject, author)
    after = Subject(kind="aftercare", territory=subject.territory, procedure=subject.procedure)
    after.family_id = subject.family_id
    db.session.add(after)
    db.session.flush()
    helped = {"subject_id": after.id, "after_id": subject.id, "organisation_id": centre.id}
    _add(AftercarePlan, **helped, every_days=30, until_on=on + timedelta(days=90))
    db.session.flush()


def _meetings(mine: dict[str, Any], child: FamilyMember, adult: FamilyMember) -> None:
    on = demo_day()
    seeing = _add(ContactSchedule, **mine, member_id=child.id, with_id=adult.id, every_days=7, since_on=on, until_on=on)
    told = {"on": on, "took_place": True, "author_id": mine["author_id"]}
    seeing.meetings.append(ScheduledContact(**told, **WORDS[ScheduledContact]))


def _planned(subject: Subject, author: uuid.UUID) -> None:
    """Plan a visit and put it off with a reason."""
    mine = {"family_id": subject.family_id, "person_id": author}
    first = PlannedVisit(**mine, on=demo_day(), ended_at=now(), ended_as="moved")
    db.session.add(first)
    db.session.flush()
    later = demo_day() + timedelta(days=2)
    _add(PlannedVisit, **mine, on=later, replaces_id=first.id, reason="family_ill")


def _moved(world: World, subject: Subject) -> None:
    """Let another district have sent the case back."""
    other = Territory(name="Соседний район", zone=world.zone, procedure=world.procedure)
    db.session.add(other)
    db.session.flush()
    days = {"sent_on": demo_day() - timedelta(days=3), "decided_on": demo_day()}
    given = {"subject_id": subject.id, "from_id": subject.territory_id, "to_id": other.id}
    _add(Transfer, **given, **days, sent_by_id=world.people["Главная"], is_accepted=False)


def _add(model: type[Any], **given: Any) -> Any:
    row = model(**given, **WORDS[model])
    db.session.add(row)
    return row


def _member(name: str) -> FamilyMember:
    return db.session.scalars(select(FamilyMember).where(FamilyMember.name == name)).one()


def pages() -> list[str]:
    """Return the addresses of pages that only these rows have."""
    rows = {Placement: "/placements/{}", CourtDate: "/courts/{}", ContactSchedule: "/meetings/{}"}
    found = [page.format(key) for table, page in rows.items() for key in db.session.scalars(select(table.id))]
    found += [f"{page}/{last}" for page, last in zip(found, ("seen", "", "end"), strict=True) if last]
    after = db.session.scalars(select(Subject.id).where(Subject.kind == "aftercare")).one()
    return [*found, f"/cases/{after}"]
