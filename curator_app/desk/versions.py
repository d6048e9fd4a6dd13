"""The version of a family's pages: a short text that changes whenever any of them would look different.

Nothing is rendered to find it out: rows are read for all families at once, and what a reader may not see has no part.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from curator_app.auth.models import Person
from curator_app.cases import handovers
from curator_app.cases.channel import card_generations
from curator_app.cases.models import Handover
from curator_app.cases.safety import plans_in_force
from curator_app.cases.signals import families_of
from curator_app.desk.answers import answers_of
from curator_app.desk.day import HORIZON, MOST
from curator_app.desk.service import timeline_version
from curator_app.desk.whereabouts import away_among, version_of
from curator_app.families.layers import sight_of
from curator_app.families.models import Family
from curator_app.families.scope import own_scope_of, scope_of
from curator_app.reminders.owed import owed_by
from curator_app.subjects.reasons import owed_among
from curator_app.visits.agreements import Promise
from curator_app.visits.meetings import agreed_meetings
from curator_app.visits.planning import newest_words, plans_of

LENGTH = 12


def family_versions(session: Session, person: Person, on: date, build: str) -> dict[uuid.UUID, str]:
    """Return the version of every family that the person may open on that day, under this build of the pages.

    Who may open thousands carries those in their own hands.
    """
    scope = scope_of(session, person, on)
    ids = scope.ids if scope.ids is not None else own_scope_of(session, person, on)
    loaded = (selectinload(Family.members), selectinload(Family.cautions), selectinload(Family.territory))
    families = session.scalars(select(Family).where(Family.id.in_(ids)).options(*loaded)).all()
    sight = sight_of(session, person, on, families)
    promises = _promises(session, [family.id for family in families], on)
    measures = _measures(session, [family.id for family in families], on)
    meetings = agreed_meetings(session, [family.id for family in families], on)
    plans = newest_words(session, [family.id for family in families])
    briefs = {family.id: one for one, family in handovers.waiting_for(session, person)}
    cards = card_generations(session, [family.id for family in families])
    places = away_among(session, [family.id for family in families], on, sight.raw)
    owed = owed_among(session, person, [family.id for family in families], on)
    versions = {}
    for family in families:
        parts: list[object] = [build, timeline_version(session, family), _card(family, sight.address(family), on)]
        parts += [measures[family.id], version_of(places[family.id], on, raw=sight.sees_raw(family))]
        parts.append([[line.row.id, line.state, line.row.due_on, line.row.due_at] for line in owed[family.id]])
        if sight.sees_raw(family):
            meeting = meetings.get(family.id)
            agreed = [str(meeting.on), meeting.time, meeting.on < on] if meeting else []
            parts += ["raw", _raw(family, on), promises[family.id], agreed, _brief(briefs.get(family.id))]
            parts.append(plans.get(family.id))
            parts.append(cards.get(family.id, 1))  # made with the first kit that carries it
        versions[family.id] = hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:LENGTH]
    return versions


def day_version(session: Session, person: Person, on: date, ids: Collection[uuid.UUID]) -> str:
    """Return the version of what «Сегодня» and «Дни и дорога» show beside families: plans, what is owed, answers."""
    plans = [[plan.id, plan.on, plan.time] for _key, plan in sorted(plans_of(session, ids).items())]
    owed = [[row.id, row.due_on] for row in owed_by(session, person, on, until=on + HORIZON, most=MOST)]
    parts = [plans, owed, [[one.kind, one.who, one.on] for one in answers_of(session, person, on)]]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:LENGTH]


def _card(family: Family, address: str, on: date) -> list[object]:
    """Return what the shared card shows beside events; ages change on birthdays."""
    members = [[member.name, member.relation, member.age(on), member.died_on] for member in family.members]
    return [family.surname, address, family.case_no, family.level, members]


def _raw(family: Family, on: date) -> list[object]:
    """Return what the raw layer's pages show beside records: the door, cautions in force, the territory's numbers.

    What the form asks depends on the season: it comes anew with each month.
    """
    territory = family.territory
    cautions = [[caution.id, caution.until_on] for caution in family.cautions_on(on)]
    numbers = [on.strftime("%Y-%m"), territory.directory, territory.visit_form, territory.photos_on]
    return [family.door, family.story, family.settlement, family.place, family.address_hidden, cautions, numbers]


def _brief(handover: Handover | None) -> list[str]:
    """Return what waits to be read of the curator before, who may still be writing it."""
    return [handover.under_way, handover.careful, handover.contacts] if handover else []


def _promises(session: Session, ids: Sequence[uuid.UUID], on: date) -> dict[uuid.UUID, list[object]]:
    """Return the state of each promise, and whether its day has passed."""
    found: dict[uuid.UUID, list[object]] = defaultdict(list)
    rows = select(Promise.family_id, Promise.id, Promise.state, Promise.reason, Promise.what, Promise.due_on)
    for row in session.execute(rows.where(Promise.family_id.in_(ids)).order_by(Promise.id)):
        overdue = row.due_on is not None and row.due_on < on
        found[row.family_id].append([row.id, row.state, row.reason, row.what, row.due_on, overdue])
    return found


def _measures(session: Session, ids: Sequence[uuid.UUID], on: date) -> dict[uuid.UUID, list[object]]:
    """Return what protects each family's children now, and whether a day has passed."""
    found: dict[uuid.UUID, list[object]] = defaultdict(list)
    plans = plans_in_force(session, ids)
    told = families_of(session, [plan.subject_id for plan in plans if plan.subject.family_id is None])
    for plan in plans:
        rows = [[row.id, row.until_on < on, row.agreed, [one.id for one in row.checks]] for row in plan.measures]
        over = plan.review_on is not None and plan.review_on < on
        found[plan.subject.family_id or told[plan.subject_id]].append([plan.id, over, rows])
    return found
