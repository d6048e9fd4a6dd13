"""What a day's kit weighs on the wire: twenty families with their pictures fit into a minute of EDGE."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.demo.records import Story, put_cautions, put_contact, put_visit
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.storage import photo_store
from curator_app.subjects.models import Assignment, Subject
from curator_app.visits.jobs import key_of
from curator_app.visits.models import Photo, Visit
from tests.support.days import demo_day
from tests.support.people import People
from tests.sync.conftest import hand_over
from tests.sync.test_kit import THUMB_BYTES, Bag, of_kind

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
FAMILIES = 20
PHOTOS = 3
FIRST_BYTES = 1_200_000
UNCHANGED_BYTES = 2048
NAMES = ["Анна", "Миша", "Соня", "Лёва"]


def visit(n: int, ago: int) -> dict[str, Any]:
    """Return one of a family's visits, with words of its own."""
    return {
        "ago": ago,
        "result": "visit",
        "strengths": ["debt_shrinking", "warm_words", "calls_services", "attends_school"],
        "worries": ["minds_younger", "few_contacts"],
        "change": "better",
        "fact": f"Долг {n}{ago} ₽, было вдвое больше; кран на кухне починили сами, {n} раз в неделю бывает бабушка",
        "family_words": f"Нам бы в {n + ago}-ю школу, там рядом с домом и кружок",
        "good_today": f"Мама сама позвонила в службу № {n}{ago} и договорилась о встрече",
        "next": {"in_days": n % 9, "time": "10:30"},
        "statements": [
            {"id": "warm_rooms", "answer": "yes"},
            {"id": "smoke_alarm", "answer": "no", "fact": f"Нет извещателя, обещали до {n + 1}-го"},
        ],
    }


def move_in(n: int, people: People) -> None:
    """Give Vera one more family with a year of visits and three pictures that do not compress."""
    today = demo_day()
    family = Family(
        surname=f"Подопечные-{n}",
        address=f"ул. Длинная, {n}, кв. {3 * n}",
        territory_id=people.ryabinkiny.territory_id,
        case_no=9000 + n,
        level="medium",
        story=f"Семья № {n} переехала {n} месяцев назад.",
        door={"code": f"домофон {n}, код {1400 + n}", "best_time": f"после {8 + n % 9}"},
    )
    subject = Subject(kind="case", territory_id=family.territory_id, procedure="novosibirsk_2022@1")
    db.session.add_all([family, subject])
    db.session.flush()
    subject.family_id = family.id
    born = [date(1990, 5, 5), date(2014, 2, 17), date(2019, 6, 3), date(2023, 9, 21)]
    for position, (name, day) in enumerate(zip(NAMES, born, strict=True)):
        kind = "child" if position else "adult"
        family.members.append(FamilyMember(kind=kind, name=f"{name}-{n}", born_on=day, position=position))
    assigned = {"person_id": people.vera.id, "organisation_id": people.vera.roles[0].organisation_id}
    since = today - timedelta(days=400)
    db.session.add(Assignment(subject_id=subject.id, role="case_curator", since_on=since, **assigned))
    db.session.flush()
    fill(Story(db.session(), family, people.vera, today), n)


def fill(story: Story, n: int) -> None:
    """Write a year of the family's life."""
    promised = [
        {"side": side, "text": f"Дело {n} {side}", "in_days": n % 5, "state": "not_yet"} for side in ("ours", "theirs")
    ]
    for ago in range(360, 0, -30):
        put_visit(story, visit(n, ago), promised if ago == 30 else [])
    called = {"ago": 5, "kind": "contact_call", "with_whom": "мама", "summary": f"Звонили {n} раз, всё спокойно"}
    put_contact(story, called)
    put_cautions(story, [{"kind": "caution_dog", "text": f"Собака {n}", "source": "мама", "ago": 3, "in_days": 30}])
    last = db.session.scalars(select(Visit).where(Visit.family_id == story.family.id).order_by(Visit.on.desc())).first()
    for position in range(PHOTOS):
        photo = Photo(visit_id=last.id, position=position, sha256="0" * 64, state="ready", place="place_kitchen")
        db.session.add(photo)
        db.session.flush()
        photo_store().put(key_of(photo.id, "thumb"), os.urandom(THUMB_BYTES))


def test_twenty_families_with_pictures_fit_and_an_unchanged_kit_is_next_to_nothing(app: Flask, people: People) -> None:
    hand_over(app, people.vera, date(2020, 1, 1))
    with app.app_context():
        vera = db.session.merge(people.vera, load=True)
        for n in range(FAMILIES):
            move_in(n, People(**{**vars(people), "vera": vera}))
        db.session.commit()
    bag = Bag(app, people.vera)

    lines = bag.take(**{"Accept-Encoding": "br"})
    first = bag.size
    bag.take(**{"Accept-Encoding": "br"})
    unchanged = bag.size

    assert len(of_kind(lines, "family")) == FAMILIES
    assert len(of_kind(lines, "photo")) == FAMILIES * PHOTOS
    assert first <= FIRST_BYTES
    assert unchanged <= UNCHANGED_BYTES
