"""Three layers of a dossier: whatever lies deeper than a person may see is in no page, kit, export or log of theirs."""

from __future__ import annotations

import json
import logging
import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from curator_app.auth.models import FIELD, Person
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.families.models import Caution, Family, FamilyMember
from curator_app.subjects.models import Assignment, Event, Subject
from curator_app.subjects.service import record_event
from curator_app.visits.agreements import Promise
from curator_app.visits.models import ChildWords, Contact, Photo, SectionNote, Visit
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, join_case, settle, sign_in
from tests.test_architecture import ROOT, own_files

# What a person may see is decided by the same statements on both databases; the access matrix runs on both.
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

FRAGMENT = {"HX-Request": "true"}
DAY = timedelta(days=1)
# Files of the build, the same for everybody.
FILES = {"auth.words", "pwa.service_worker"}
# One word for each restricted field; found where it may not be, it says which one leaked.
CANARIES = {
    "address": "Тайногорск",
    "settlement": "Скрытоселье",
    "code": "КодДвери7319",
    "road": "ПоворотУСосны",
    "story": "ПовестьСемьи",
    "event": "СловаСобытия",
    "fact": "ФактПосещения",
    "child": "СловоРебёнка",
    "wish": "ЖеланиеРебёнка",
    "caution": "ОпаснаяЛестница",
    "contact": "РазговорПоТелефону",
    "promise": "ОбещаннаяПечка",
    "caption": "ПодписьСнимка",
}


@pytest.fixture
def people(app: Flask) -> People:
    """The people of the demonstration; the Ryabinkins have a canary in every field of the raw layer."""
    people = settle(app)
    with app.app_context():
        sow(db.session.get_one(Family, people.ryabinkiny.id), people.vera)
        db.session.commit()
    return people


def sow(family: Family, author: Person) -> None:
    family.address, family.address_hidden, family.settlement = CANARIES["address"], True, CANARIES["settlement"]
    family.door, family.story = {"code": CANARIES["code"], "road": CANARIES["road"]}, CANARIES["story"]
    on = demo_day()
    event = db.session.scalars(select(Event).join(Subject).where(Subject.family_id == family.id)).first()
    assert event is not None
    event.data = {"text": CANARIES["event"]}
    visit = db.session.scalars(select(Visit).where(Visit.family_id == family.id).order_by(Visit.on.desc())).first()
    child = db.session.scalars(select(FamilyMember).where(FamilyMember.family_id == family.id)).first()
    assert visit is not None
    assert child is not None
    visit.next_on = on + DAY
    visit.fields = [*visit.fields, ["good_today", CANARIES["fact"]]]
    visit.notes.append(SectionNote(section="health", fact=CANARIES["fact"]))
    visit.child_words.append(
        ChildWords(member_id=child.id, verbatim=CANARIES["child"], wish=CANARIES["wish"], context="spontaneous")
    )
    visit.photos.append(Photo(position=0, sha256="0" * 64, state="ready", caption=CANARIES["caption"]))
    said = {"family_id": family.id, "author_id": author.id}
    db.session.add(
        Caution(**said, kind="caution_dog", text=CANARIES["caution"], source="мама", noted_on=on, until_on=on + DAY)
    )
    db.session.add(Promise(**said, visit_id=visit.id, side="ours", what=CANARIES["promise"], made_on=on, due_on=on))
    called = record_event(db.session.get_one(Subject, visit.subject_id), "contact_made", on=on)
    db.session.flush()
    moments = {"received_at": now(), "applied_at": now()}
    db.session.add(
        Contact(
            **said,
            **moments,
            subject_id=visit.subject_id,
            event_id=called.id,
            kind="contact_call",
            on=on,
            summary=CANARIES["contact"],
            form_version="contact@1",
        )
    )


def leaked(text: str) -> set[str]:
    """Return the names of the canaries that sing in a text."""
    return {name for name, word in CANARIES.items() if word in text}


def pages(app: Flask, people: People) -> list[str]:
    """Return the address of every page that can be read, filled with the Ryabinkins' objects."""
    with app.app_context():
        values = {
            "family_id": people.ryabinkiny.id,
            "photo_id": db.session.scalars(select(Photo.id)).first(),
            "visit_id": db.session.scalars(select(Visit.id).where(Visit.family_id == people.ryabinkiny.id)).first(),
            "kind": "thumb",
        }
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint not in FILES]
    return [_filled(rule, values) for rule in rules]


def _filled(rule: Rule, values: dict[str, object]) -> str:
    """Fill the rule's arguments; one that this test does not know gets an id that exists nowhere."""
    return str(rule.build({name: values.get(name) or uuid.uuid4() for name in rule.arguments})[1])


def kit_of(client: FlaskClient) -> str:
    """Take the kit along and return all of it as text."""
    csrf = client.get("/session", base_url=ORIGIN).json["csrf"]
    headers = {"X-CSRFToken": csrf, "Referer": f"{ORIGIN}/today"}
    answer = client.post("/kit", json={"families": {}, "pages": {}}, headers=headers, base_url=ORIGIN)
    assert answer.status_code == 200
    return json.dumps([json.loads(line) for line in answer.data.splitlines()], ensure_ascii=False)


def all_that_is_shown(app: Flask, people: People, person: Person) -> str:
    """Open every page as person, at the office and on a phone, and take the kit; return every answer."""
    shown = []
    office, phone = sign_in(app, person), sign_in(app, person, FIELD)
    for path in pages(app, people):
        asked = [
            office.get(path, headers=FRAGMENT, base_url=ORIGIN),
            phone.get(path, headers=FRAGMENT, base_url=ORIGIN),
            office.get(path, base_url=ORIGIN),
        ]
        shown += [answer.get_data(as_text=True) for answer in asked]
    return "\n".join([*shown, kit_of(phone)])


@pytest.mark.parametrize("who", ["vera", "darya"])
def test_the_curator_and_her_head_read_the_raw_layer(app: Flask, people: People, who: str) -> None:
    """Without this the silence of the other tests would prove nothing."""
    shown = all_that_is_shown(app, people, getattr(people, who))

    assert leaked(shown) >= CANARIES.keys() - {"settlement"}


@pytest.mark.parametrize("who", ["igor", "anna"])
def test_a_stranger_and_the_administrator_see_nothing_at_all(
    app: Flask, people: People, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        shown = all_that_is_shown(app, people, getattr(people, who))

    assert leaked(shown + caplog.text) == set()
    assert "Рябинкины" not in shown


def test_a_member_of_the_working_group_sees_the_shared_card(
    app: Flask, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    join_case(app, people.ryabinkiny, people.igor, "group_member")

    with caplog.at_level(logging.DEBUG):
        shown = all_that_is_shown(app, people, people.igor)

    assert leaked(shown + caplog.text) == set()
    for word in ("Рябинкины", "Миша", "Средний уровень риска", "Туманова В. О.", "Консилиум", "Адрес скрыт"):
        assert word in shown, word


def test_her_kit_holds_the_dossier_and_no_page_of_the_raw_layer(app: Flask, people: People) -> None:
    join_case(app, people.ryabinkiny, people.igor, "group_member")

    lines = json.loads(kit_of(sign_in(app, people.igor, FIELD)))

    mine = [line["url"] for line in lines if str(people.ryabinkiny.id) in line.get("url", "")]
    assert mine == [f"/families/{people.ryabinkiny.id}"]
    assert [line for line in lines if line["t"] == "photo"] == []


def test_an_address_that_is_not_hidden_stands_on_the_shared_card(app: Flask, people: People) -> None:
    with app.app_context():
        db.session.get_one(Family, people.ryabinkiny.id).address_hidden = False
        db.session.commit()
    join_case(app, people.ryabinkiny, people.igor, "group_member")

    assert leaked(all_that_is_shown(app, people, people.igor)) == {"address"}


def test_a_substitute_sees_all_while_it_lasts_and_nothing_after(app: Flask, people: People) -> None:
    today = demo_day()
    join_case(app, people.ryabinkiny, people.igor, "substitute", until=today + DAY)
    assert leaked(all_that_is_shown(app, people, people.igor)) >= {"address", "code", "fact"}

    with app.app_context():
        db.session.scalars(select(Assignment).where(Assignment.role == "substitute")).one().until_on = today - DAY
        db.session.commit()

    after = all_that_is_shown(app, people, people.igor)
    assert leaked(after) == set()
    assert "Рябинкины" not in after


@pytest.mark.usefixtures("database_kind")
def test_no_template_asks_for_an_address_past_the_layers() -> None:
    asking = [
        str(path.relative_to(ROOT))
        for path in own_files("templates/**/*.html")
        if re.search(r"family\.address\b", path.read_text(encoding="utf-8"))
    ]

    assert asking == []
