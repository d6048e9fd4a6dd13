"""A curator's twenty families with half a year of whole visits each, for what has to carry them."""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.pictures import jpeg
from bench.stage import CURATOR
from curator_app.auth.models import Person
from curator_app.clock import now, today
from curator_app.database import uuid7
from curator_app.families.models import Family, FamilyMember
from curator_app.procedures.forms_loader import load_form, newest
from curator_app.storage import PhotoStore
from curator_app.subjects.models import Assignment, Subject
from curator_app.visits.answers import Item, PhotoLine, PromiseLine, SectionAnswers, StatementLine, VisitAnswers
from curator_app.visits.jobs import key_of
from curator_app.visits.models import Photo
from curator_app.visits.photos import make_photo
from curator_app.visits.service import Arrival, next_number, record_visit

FAMILIES = 20
VISITS_EACH = 6
PHOTOS_EACH = 3
WORDS = (
    "мама показала договор дети были дома окно утеплили осенью долг уменьшился на треть младший спал на столе "
    "стояли тетради печь топили утром соседка приносит молоко у старшего новая обувь договорились позвонить в школу "
    "записались к врачу ждут ответа из соцзащиты бабушка приходит по вторникам в комнате тепло кран починили сами"
)


def settle_families(session: Session, store: PhotoStore, how_many: int = FAMILIES) -> list[uuid.UUID]:
    """Give the curator of the demonstration so many families in all; return the ids of the new ones."""
    curator = session.scalars(select(Person).where(Person.name.startswith(CURATOR))).one()
    mine = session.scalars(Family.visible_to(curator, today("Asia/Novosibirsk"))).all()
    pattern, chance = mine[0], random.Random(2026)  # noqa: S311 - invented families, no secret
    assigned = session.scalars(select(Assignment).where(Assignment.person_id == curator.id)).first()
    if assigned is None:
        message = "the demonstration's curator has no family"
        raise RuntimeError(message)
    made = []
    for number in range(how_many - len(mine)):
        family = _family(pattern, number)
        subject = Subject(kind="case", territory=family.territory, procedure="novosibirsk_2022@1")
        session.add_all([family, subject])
        session.flush()
        subject.family_id = family.id
        since = today("Asia/Novosibirsk") - timedelta(days=400)
        session.add(
            Assignment(
                subject=subject,
                person=curator,
                organisation_id=assigned.organisation_id,
                role="case_curator",
                since_on=since,
            )
        )
        session.flush()
        for visit in range(VISITS_EACH):
            day = today("Asia/Novosibirsk") - timedelta(days=30 * visit + 2)
            _visit(session, family, curator, day, chance, with_photos=visit == 0)
        _pictures(session, store, family, number)
        made.append(family.id)
    session.commit()
    return made


def _family(pattern: Family, number: int) -> Family:
    family = Family(
        surname=f"Выдумкины-{number + 1}",
        address=f"ул. Примерная, {number + 1}",
        place=pattern.place,
        territory=pattern.territory,
        case_no=1000 + number,
        level="medium",
        story=pattern.story,
        door=dict(pattern.door),
    )
    for member in pattern.members:
        family.members.append(
            FamilyMember(
                kind=member.kind,
                name=member.name,
                relation=member.relation,
                born_on=member.born_on,
                position=member.position,
            )
        )
    return family


def _visit(
    session: Session, family: Family, curator: Person, day: date, chance: random.Random, *, with_photos: bool
) -> None:
    form = load_form(newest("visit"))
    child = family.children[0]
    photos = [
        PhotoLine(id=uuid7(), sha256=f"{chance.getrandbits(256):064x}", place="place_kitchen", purpose="purpose_better")
        for _ in range(PHOTOS_EACH if with_photos else 0)
    ]
    answers = VisitAnswers(
        id=uuid7(),
        family_id=family.id,
        form_version=form.id,
        on=day,
        started="14:00",
        ended="14:40",
        who_home=[member.id for member in family.members],
        statements=[StatementLine("living", one.id, "yes") for one in form.living if one.scope == "family"],
        sections=[
            SectionAnswers(
                section=section.id,
                strengths=[_item(chip, child.id) for chip in chance.sample(section.strengths[:-1], 3)],
                worries=[_item(chip, child.id) for chip in chance.sample(section.worries[:-3], 2)],
                change="same",
                fact=_sentence(chance),
            )
            for section in form.sections
        ],
        promises=[PromiseLine(uuid7(), side, _sentence(chance), due_on=day) for side in ("ours", "theirs")],
        photos=photos,
        raw=[("family_goal", _sentence(chance)), ("good_today", _sentence(chance))],
    )
    number = (day.year, next_number(session, day.year))
    record_visit(session, answers, Arrival(curator, None, now(), None, number))


def _item(chip: object, child: uuid.UUID) -> Item:
    scope, chip_id = getattr(chip, "scope", ""), str(getattr(chip, "id", ""))
    return Item(chip_id, child if scope == "child" else None)


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.sample(WORDS.split(), 9)).capitalize()


def _pictures(session: Session, store: PhotoStore, family: Family, number: int) -> None:
    photos = session.scalars(select(Photo).where(Photo.visit.has(family_id=family.id))).all()
    for position, photo in enumerate(photos):
        store.put(key_of(photo.id, "thumb"), make_photo(jpeg(number * PHOTOS_EACH + position)).thumb)
        photo.state = "ready"
