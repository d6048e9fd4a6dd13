"""Many invented families at once, to try an installation under load: in bulk, and the same for the same number.

An organisation has a thousand families, a head and forty curators; nobody of them signs in until somebody makes a link.
"""

from __future__ import annotations

import random
import tomllib
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from curator_app.auth.models import Organisation, Person, Role, Territory
from curator_app.clock import now
from curator_app.database import Base, next_value
from curator_app.demo.bulk_signals import put_signal
from curator_app.families.findable import address_words, learn, name_words, word_rows
from curator_app.families.models import Family, FamilyMember
from curator_app.families.search_models import NUMBER, SURNAME, family_word
from curator_app.families.words import plain, words
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.line_models import CaseLine
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.numbers import NumberSeries
from curator_app.visits.models import VISIT, Visit
from curator_app.visits.service import SERIES

NAMES = Path(__file__).with_name("names.toml")
FAMILIES_EACH = 1000
FAMILIES_OF_A_CURATOR = 25
CENTRE = "Центр нагрузки № "
FORM = "visit@2"
EPOCH_MS = 1_700_000_000_000
Row = dict[str, Any]


@dataclass(frozen=True)
class Centre:
    """One organisation under way: its rows by table, in the order in which they refer to each other."""

    number: int
    organisation: uuid.UUID
    territory: uuid.UUID
    chance: random.Random
    ids: Iterator[uuid.UUID]
    today: date
    rows: dict[Table, list[Row]]

    def add(self, model: type[Base] | Table, **values: Any) -> uuid.UUID:
        """Add a row and return its id."""
        key = next(self.ids)
        table = model if isinstance(model, Table) else cast("Table", model.__table__)
        self.rows[table].append({"id": key, "created_at": now(), **values})
        return key

    def one_of(self, name: str) -> str:
        """Return one of the invented names of a kind."""
        return self.chance.choice(_names()[name])

    def happens(self, share: float) -> bool:
        """Decide by chance, so often in the long run."""
        return self.chance.random() < share

    def days_ago(self, least: int, most: int) -> date:
        """Return some day of the past."""
        return self.today - timedelta(days=self.chance.randint(least, most))


def fill(session: Session, families: int, today: date) -> Iterator[int]:
    """Write so many families, centre by centre; yield how many each step brought. The caller commits after each."""
    begun = _centres_there(session)
    seen: set[str] = set()
    for offset in range(0, families, FAMILIES_EACH):
        number = begun + offset // FAMILIES_EACH + 1
        how_many = min(FAMILIES_EACH, families - offset)
        centre = _centre(session, number, today)
        people_and_families(centre, how_many)
        _number_visits(session, centre)
        for table, rows in centre.rows.items():
            session.execute(insert(table), rows)
        fresh = {str(row["word"]) for row in centre.rows[family_word]} - seen
        learn(session, fresh)
        seen |= fresh
        yield how_many
    # Until it has counted what came all at once, a database plans as if the tables were as small as before.
    session.execute(text("ANALYZE"))
    yield 0


def ids_from(number: int, chance: random.Random) -> Iterator[uuid.UUID]:
    """Yield UUIDs of version 7 whose time is a count: the same for the same number, and in order for an index."""
    moment = EPOCH_MS + number * 1_000_000
    while True:
        moment += 1
        tail = chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62)
        yield uuid.UUID(int=moment << 80 | 7 << 76 | tail)


def _centres_there(session: Session) -> int:
    there = select(func.count()).select_from(Organisation).where(Organisation.name.startswith(CENTRE))
    return session.scalar(there) or 0


def _centre(session: Session, number: int, today: date) -> Centre:
    chance = random.Random(number)  # noqa: S311 - invented families, no secret
    ids = ids_from(number, chance)
    territory = Territory(name=f"Район нагрузки № {number}", procedure="novosibirsk_2022")
    organisation = Organisation(name=f"{CENTRE}{number}", kind="social_service", territory=territory)
    territory.id, organisation.id = next(ids), next(ids)
    session.add_all([territory, organisation])
    session.flush()
    return Centre(number, organisation.id, territory.id, chance, ids, today, defaultdict(list))


def people_and_families(centre: Centre, how_many: int) -> None:
    """Add the rows of a head, the curators and so many families."""
    _person(centre, "head", "заведующая")
    curator = uuid.UUID(int=0)
    for count in range(how_many):
        if count % FAMILIES_OF_A_CURATOR == 0:
            curator = _person(centre, "case_curator", "куратор случая")
        _family(centre, curator, centre.number * FAMILIES_EACH + count)


def _person(centre: Centre, role: str, post: str) -> uuid.UUID:
    surname = centre.one_of("roots") + "ская"
    name = f"{surname} {centre.one_of('women')} {centre.one_of('fathers')}на"
    person = centre.add(Person, name=name, post=post)
    since = date(2020, 1, 1)
    centre.add(Role, person_id=person, organisation_id=centre.organisation, role=role, since_on=since)
    return person


def _family(centre: Centre, curator: uuid.UUID, number: int) -> None:
    surname = centre.one_of("roots") + centre.one_of("endings")
    address = f"ул. {centre.one_of('streets')}, {centre.chance.randint(1, 99)}, кв. {centre.chance.randint(1, 120)}"
    known = {
        "surname": surname,
        "listed_as": plain(surname),
        "address": address,
        "address_hidden": centre.happens(0.01),
    }
    family = centre.add(
        Family,
        **known,
        territory_id=centre.territory,
        case_no=number,
        level=centre.one_of("levels"),
        stage=centre.one_of("stages"),
        story="Семья придумана для проверки под нагрузкой.",
    )
    found = {(SURNAME, word) for word in words(surname)} | {(NUMBER, str(number))}
    names = _members(centre, family)
    for name in names:
        found |= name_words(name)
    if not known["address_hidden"]:
        found |= address_words(address)
    centre.rows[family_word] += word_rows(family, found)
    _history(centre, family, curator)
    put_signal(centre, family, names, address, number)


def _members(centre: Centre, family: uuid.UUID) -> list[str]:
    father = f"{centre.one_of('fathers')}на"
    people = [("adult", f"{centre.one_of('women')} {father}", "мама", centre.days_ago(7500, 17000))]
    if centre.happens(0.4):
        name = f"{centre.one_of('men')} {centre.one_of('fathers')}ич"
        people.append(("adult", name, "папа", centre.days_ago(7500, 17000)))
    people += [
        ("child", centre.one_of(centre.chance.choice(["girls", "boys"])), "", centre.days_ago(30, 6500))
        for _child in range(centre.chance.randint(1, 3))
    ]
    for position, (kind, name, relation, born_on) in enumerate(people):
        said = {"kind": kind, "name": name, "relation": relation, "born_on": born_on, "position": position}
        centre.add(FamilyMember, family_id=family, **said)
    return [name for _kind, name, _relation, _born_on in people]


def _history(centre: Centre, family: uuid.UUID, curator: uuid.UUID) -> None:
    """Write a case with its curator, a plan, and a visit or an attempt."""
    since = centre.days_ago(100, 400)
    of_case = {"family_id": family, "territory_id": centre.territory, "procedure": "novosibirsk_2022@1"}
    subject = centre.add(Subject, kind="case", **of_case, last_event_no=3, closed_on=None)
    centre.add(
        Assignment,
        subject_id=subject,
        person_id=curator,
        organisation_id=centre.organisation,
        role="case_curator",
        since_on=since,
    )
    visited = centre.days_ago(1, 90)
    outcome = VISIT if centre.happens(0.85) else "nobody_home"
    happened = [("curator_assigned", since, ""), ("plan_approved", since + timedelta(days=20), "План на 3 месяца")]
    happened.append(("visit_made" if outcome == VISIT else "visit_attempted", visited, ""))
    written = []
    for no, (event, on, said_then) in enumerate(happened, start=1):
        said = {"no": no, "type": event, "on": on, "data": {"text": said_then}}
        written.append(centre.add(Event, subject_id=subject, **said, author_id=curator, recorded_at=now()))
    last = written[-1]
    _owed(centre, of_case, subject, curator, written[1])
    meeting = centre.today + timedelta(days=centre.chance.randint(1, 30)) if centre.happens(0.2) else None
    of_visit = {"subject_id": subject, "family_id": family, "event_id": last, "author_id": curator}
    times = {"on": visited, "next_on": meeting, "received_at": now(), "applied_at": now()}
    centre.add(Visit, **of_visit, **times, outcome=outcome, form_version=FORM, year=visited.year, number=0)


def _owed(centre: Centre, of_case: Row, subject: uuid.UUID, curator: uuid.UUID, approved: uuid.UUID) -> None:
    """Write what the case owes next, and its line of the office's list."""
    opened, due = centre.days_ago(20, 90), centre.today + timedelta(days=centre.chance.randint(-30, 60))
    counted = {"procedure": of_case["procedure"], "calendar": "", "pauses": [], "at_once": False, "period": ""}
    days = {"opened_on": opened, "due_on": due}
    centre.add(
        DutyRow, subject_id=subject, rule="case_monitoring", anchor_id=approved, owner="case_curator", **days, **counted
    )
    whose = {"organisation_id": centre.organisation, "curator_id": curator, "stage": centre.one_of("case_stages")}
    centre.add(CaseLine, subject_id=subject, **of_case, kind="case", **whose, next_on=due)


def _number_visits(session: Session, centre: Centre) -> None:
    """Give the visits numbers of their years' series, a block at once."""
    visits = centre.rows[cast("Table", Visit.__table__)]
    for year, count in Counter(row["year"] for row in visits).items():
        first = next_value(session, NumberSeries, "last", series=SERIES, year=year)
        of_year = (NumberSeries.series == SERIES) & (NumberSeries.year == year)
        session.execute(update(NumberSeries).where(of_year).values(last=first + count - 1))
        for number, row in enumerate((row for row in visits if row["year"] == year), start=first):
            row["number"] = number


@lru_cache
def _names() -> dict[str, list[str]]:
    return tomllib.loads(NAMES.read_text(encoding="utf-8"))
