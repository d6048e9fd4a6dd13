"""Who reads which field of a case: every role against every field that a step, a visit, a signal or a place has.

A word of its own stands in each field. Whatever a reader opens, the words that appear are those of their layers and
no others; on the case's page they are exactly those.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import OFFICE, Person, Role, Territory
from curator_app.cases.opening import Opening, Resolution, open_case
from curator_app.cases.placement_models import Placement
from curator_app.cases.steps import Question, steps
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.intake.models import Informant, Signal
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import record_event
from curator_app.visits.models import Visit
from tests.cases import matrix_papers, matrix_safety
from tests.families.test_layers import CANARIES, FILES, sow
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.support.story_world import World, settle_world

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

PROCEDURE = "kochki_2020"
ALL = frozenset({"papers", "shared", "raw"})
READERS = {
    "Кураторова": ALL,
    "Сменщиков": ALL,
    "Главная": ALL,
    "Группин": frozenset({"papers", "shared"}),
    "Членова": frozenset({"papers", "shared"}),
    "Секретарёва": frozenset({"papers"}),
    "Председателев": frozenset({"papers"}),
    "Окошкин": frozenset({"papers", "intake"}),
}
"""Of those who have to do with the case: the layers of domain roles, as the architecture names them."""
STRANGERS = ("Учителева", "Помощников", "Директорова", "Ресурсова", "Админов")
"""Who told of it, an owner of early help for others and their head, the resource centre, the administrator."""
WRITTEN = ("line", "text")
STEPS_APART = 6
"""Of the forms of steps every sixth is opened: one template makes them all."""
SIGNAL = {"facts": "ФактыСигнала", "measures": "МерыСигнала", "adults": "ВзрослыеСигнала"}
INFORMANT = {"name": "ИмяЗаявителя", "contact": "ТелефонЗаявителя", "note": "ПросьбаЗаявителя"}
PLACE = {"named": "ИмяПриёмных", "address": "АдресПриёмных", "phone": "ТелефонПриёмных"}


def fields_of_steps() -> list[tuple[str, Question, str]]:
    """Return each written field of each step of a case, with the word that stands in it."""
    found = [
        (event, question)
        for event, step in steps().items()
        if "case" in step.subjects
        for question in step.fields
        if question.kind in WRITTEN
    ]
    return [(event, question, f"Поле{number}Шага") for number, (event, question) in enumerate(found)]


@pytest.fixture
def world(app: Flask) -> World:
    """A district with one case in which every field is written."""
    with app.app_context():
        made = settle_world(db.session(), PROCEDURE, "Asia/Novosibirsk")
        subject = _case(made)
        _people(made, subject)
        _written(subject)
        _visited(made, subject)
        matrix_papers.write(made, subject, _elsewhere(made, subject))
        child = db.session.scalars(select(FamilyMember).where(FamilyMember.name == "Петя")).one()
        matrix_safety.protect(subject, child, db.session.get_one(Person, made.people["Кураторова"]))
        db.session.commit()
    return made


def _case(world: World) -> Subject:
    family = Family(surname="Матричкины", territory=db.session.get_one(Territory, world.territory_id))
    family.members += [
        FamilyMember(kind="adult", name="Нина", relation="мама", born_on=date(1990, 1, 1), position=0),
        FamilyMember(kind="child", name="Петя", born_on=date(2017, 5, 5), position=1),
    ]
    db.session.add(family)
    db.session.flush()
    since = demo_day() - timedelta(days=40)
    secretary = db.session.get_one(Person, world.people["Секретарёва"])
    opening = Opening(on=since, by=secretary, decided={"level": "sop"}, resolution=Resolution("12", since))
    return open_case(db.session(), family, opening)


def _people(world: World, subject: Subject) -> None:
    roles = {
        "Кураторова": "case_curator",
        "Сменщиков": "substitute",
        "Группин": "group_chair",
        "Членова": "group_member",
    }
    for surname, role in roles.items():
        person = db.session.get_one(Person, world.people[surname])
        held = db.session.scalars(select(Role).where(Role.person_id == person.id)).first()
        assert held is not None
        given = {"role": role, "since_on": demo_day() - timedelta(days=40), "organisation_id": held.organisation_id}
        db.session.add(Assignment(subject=subject, person=person, **given))
    db.session.flush()


def _written(subject: Subject) -> None:
    for event, question, word in fields_of_steps():
        record_event(subject, event, on=demo_day() - timedelta(days=20), data={question.id: word})


def _visited(world: World, subject: Subject) -> None:
    """Put the words of the raw layer into a visit, as the test of the dossier does."""
    curator = db.session.get_one(Person, world.people["Кураторова"])
    family = db.session.get_one(Family, subject.family_id)
    on = demo_day() - timedelta(days=9)
    event = record_event(subject, "visit_made", on=on, author=curator)
    db.session.flush()
    said = {"on": on, "outcome": "visit", "form_version": "visit@2", "year": on.year, "number": 1}
    moments = {"received_at": now(), "applied_at": now()}
    of_visit = {"subject_id": subject.id, "family_id": family.id, "event_id": event.id, "author_id": curator.id}
    db.session.add(Visit(**of_visit, **said, **moments))
    db.session.flush()
    sow(family, curator)


def _elsewhere(world: World, subject: Subject) -> Signal:
    """Write down the signal from which it came, with who told it, and where the child lives now."""
    reporter = db.session.get_one(Person, world.people["Учителева"])
    told = Subject(kind="signal", territory=subject.territory, procedure=subject.procedure, family_id=subject.family_id)
    db.session.add(told)
    db.session.flush()
    moments = {"known_on": demo_day() - timedelta(days=50), "received_at": now()}
    signal = Signal(subject=told, territory=told.territory, way="notice", source="school", safe_now="yes", **moments)
    signal.author_id, signal.family_id, signal.leads_to_id = reporter.id, subject.family_id, subject.id
    for name, word in SIGNAL.items():
        setattr(signal, name, word)
    db.session.add_all([signal, Informant(signal=signal, **INFORMANT)])
    child = db.session.scalars(select(FamilyMember).where(FamilyMember.name == "Петя")).one()
    given = {"subject_id": subject.id, "family_id": subject.family_id, "member_id": child.id, "is_hidden": True}
    given |= {"kind": "substitute_family", "since_on": demo_day(), "author_id": world.people["Кураторова"]}
    db.session.add(Placement(**given, **PLACE))
    return signal


def addresses(app: Flask) -> list[str]:
    """Return every page about this family, its case and its signal, and every list."""
    with app.app_context():
        case = db.session.scalars(select(Subject).where(Subject.kind == "case")).one()
        signal = db.session.scalars(select(Signal)).one()
        visit = db.session.scalars(select(Visit.id)).first()
        papers = matrix_papers.ids()
    ids = {"family_id": [case.family_id], "subject_id": [case.id, signal.id], "signal_id": [signal.id]}
    ids |= {"visit_id": [visit], "event": list(steps())[::STEPS_APART], **papers}
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or not rule.arguments <= ids.keys() or rule.endpoint in FILES:
            continue
        many = [name for name in rule.arguments if len(ids[name]) > 1]
        first = {name: ids[name][0] for name in rule.arguments}
        chosen = [first] if not many else [first | {name: value} for name in many for value in ids[name]]
        found += [str(rule.build(values)[1]) for values in chosen]
    return sorted(set(found))


def words_for(layers: frozenset[str]) -> set[str]:
    """Return the words of a case's fields that somebody with these layers may read."""
    found = {word for _event, question, word in fields_of_steps() if question.layer in layers}
    if "papers" in layers:
        found |= matrix_safety.PAPERS
    if "raw" in layers:
        found |= matrix_safety.RAW
        found |= {*CANARIES.values(), *PLACE.values(), *SIGNAL.values()}
    if "intake" in layers:
        found |= {*INFORMANT.values(), *SIGNAL.values()}
    if "papers" in layers and "shared" not in layers:
        found |= set(SIGNAL.values())  # the commission reads what it was told, never by whom
    return found


def everything() -> set[str]:
    """Return every word."""
    steps_words = {word for _event, _question, word in fields_of_steps()}
    steps_words |= matrix_papers.all_words()
    steps_words |= matrix_safety.PAPERS | matrix_safety.RAW
    return steps_words | {*CANARIES.values(), *PLACE.values(), *SIGNAL.values(), *INFORMANT.values()}


def shown_to(app: Flask, world: World, surname: str) -> dict[str, set[str]]:
    """Open every address as somebody at a desk; return the words that appear, by address."""
    with app.app_context():
        person = db.session.get_one(Person, world.people[surname])
        db.session.expunge(person)
    client, found = sign_in(app, person, OFFICE), {}
    for path in addresses(app):
        answer = client.get(path, base_url=ORIGIN, follow_redirects=True)
        found[path] = {word for word in everything() if word in answer.get_data(as_text=True)}
        answer.close()
    return found


def case_page(app: Flask) -> str:
    with app.app_context():
        return f"/cases/{db.session.scalars(select(Subject.id).where(Subject.kind == 'case')).one()}"


@pytest.mark.parametrize("surname", READERS)
def test_a_reader_of_the_case_reads_the_fields_of_their_layers_and_no_other(
    app: Flask, world: World, surname: str
) -> None:
    allowed = words_for(READERS[surname]) | matrix_papers.words_of(surname)

    shown = shown_to(app, world, surname)

    assert {path: words - allowed for path, words in shown.items() if words - allowed} == {}
    assert set().union(*shown.values()) >= matrix_papers.words_of(surname)
    of_steps = {word for _event, _question, word in fields_of_steps()}
    assert shown[case_page(app)] & of_steps == allowed & of_steps
    protecting = matrix_safety.PAPERS | matrix_safety.RAW
    assert shown[case_page(app)] & protecting == allowed & protecting


@pytest.mark.parametrize("surname", STRANGERS)
def test_nobody_else_reads_a_field_of_it(app: Flask, world: World, surname: str) -> None:
    shown = shown_to(app, world, surname)

    own = set(SIGNAL.values()) if surname == "Учителева" else set()  # what she wrote herself
    assert {path: words - own for path, words in shown.items() if words - own} == {}


@pytest.mark.usefixtures("database_kind")
def test_no_layer_is_without_fields() -> None:
    """Or the silence of the others would prove nothing."""
    assert {question.layer for _event, question, _word in fields_of_steps()} >= {"papers", "shared", "raw"}
