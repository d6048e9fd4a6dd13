"""A whole visit in the family's history: everything that was recorded can be read there, in the order of care."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.clock import today
from curator_app.database import uuid7
from curator_app.extensions import db
from curator_app.families.models import FamilyMember
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app: Flask) -> People:
    return settle(app)


@pytest.fixture
def member(app: Flask, people: People) -> Callable[[str], uuid.UUID]:
    """Return the id of one of the Ryabinkins by name."""

    def find(name: str) -> uuid.UUID:
        with app.app_context():
            found = select(FamilyMember.id).where(FamilyMember.family_id == people.ryabinkiny.id)
            return db.session.scalars(found.where(FamilyMember.name == name)).one()

    return find


def recorded(app: Flask, people: People, **fields: str) -> str:
    """Post a visit from the office and return the visible text of its entry in the dossier."""
    client = sign_in(app, people.vera)
    page = client.get(f"/families/{people.ryabinkiny.id}/visit", base_url=ORIGIN).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    posted = {
        "csrf_token": token[1],
        "id": str(uuid7()),
        "form_version": "visit@2",
        "on": today("Asia/Novosibirsk").isoformat(),
        "outcome": "visit",
    } | fields
    answer = client.post(f"/families/{people.ryabinkiny.id}/visits", data=posted, base_url=ORIGIN)
    assert answer.status_code == 303, answer.text
    html = client.get(f"/families/{people.ryabinkiny.id}", base_url=ORIGIN).text
    entry = re.search(r'<li class="now[^>]*data-visit.*?</li>\s*(?=<li class="(?: missed)?"|</ol>)', html, re.DOTALL)
    assert entry
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", entry[0]))


def test_what_worked_stands_before_what_was_missing(app: Flask, people: People) -> None:
    text = recorded(
        app, people, good_today="Читали вместе", **{"living-warm_rooms": "no", "living-warm_rooms-fact": "14 градусов"}
    )

    assert text.index("Читали вместе") < text.index("В комнатах тепло : нет. 14 градусов".replace(" :", ":"))


def test_a_section_tells_the_family_from_the_child(
    app: Flask, people: People, member: Callable[[str], uuid.UUID]
) -> None:
    misha = member("Миша")
    text = recorded(
        app,
        people,
        **{
            "education_development-strengths": f"has_hobby@{misha}",
            "education_development-strengths-same": f"attends_school@{misha}",
            f"education_development@{misha}-fact": "Ходит на робототехнику",
        },
    )

    assert "Учёба и развитие" in text
    assert "Есть любимое дело: Миша" in text
    assert "Ходит в школу: Миша · так же" in text
    assert "Миша. Факт Ходит на робототехнику" in text


def test_promises_of_both_sides_and_the_next_meeting_are_read_with_their_days(app: Flask, people: People) -> None:
    text = recorded(
        app,
        people,
        next_on="2031-03-03",
        next_time="10:30",
        **{
            "promises-0-side": "ours",
            "promises-0-what": "Узнать о кружке",
            "promises-0-due": "2031-03-01",
            "promises-1-side": "theirs",
            "promises-1-what": "Записаться к врачу",
        },
    )

    assert "Мы делаем Узнать о кружке · до 1 мар." in text
    assert "Делает семья Записаться к врачу" in text
    assert "пн 3 марта, 10:30" in text


def test_a_childs_words_are_marked_as_the_restricted_layer(
    app: Flask, people: People, member: Callable[[str], uuid.UUID]
) -> None:
    words = f"child_words@{member('Миша')}"
    text = recorded(
        app,
        people,
        **{f"{words}-verbatim": "хочу домой", f"{words}-context": "asked", f"{words}-question": "Чего хочешь?"},
    )

    assert text.index("Видят куратор, его замена и руководитель") < text.index("«хочу домой»")
    assert "На вопрос взрослого: «Чего хочешь?»" in text
