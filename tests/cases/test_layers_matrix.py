"""Who reads which field of a case: every role against every field that a step, a visit, a signal or a place has.

A word of its own stands in each field. Whatever a reader opens, the words that appear are those of their layers and
no others; on the case's page they are exactly those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import FIELD, OFFICE, Person, Role, Territory
from curator_app.cases.opening import Opening, Resolution, open_case
from curator_app.cases.placement_models import Placement
from curator_app.cases.steps import steps
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.intake.models import Informant, Signal
from curator_app.people.service import ROLES
from curator_app.subjects.models import Assignment, Subject
from curator_app.subjects.service import record_event
from curator_app.urgent.models import Alarm
from curator_app.visits.models import Visit
from tests.cases import matrix_course, matrix_papers, matrix_safety
from tests.cases.matrix_layers import LAYER_OF, fields_of_steps, layer_of
from tests.families.test_layers import CANARIES, FILES, kit_of, sow
from tests.support.databases import Databases, config_for, lend_app
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.support.story_world import PEOPLE, World, settle_world

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
    "Дежурнов": frozenset({"alarm"}),
}
"""Of those who have to do with the case: the layers of domain roles, as the architecture names them."""
STRANGERS = ("Учителева", "Помощников", "Директорова", "Ресурсова", "Методистова", "Админов")
"""Who told of it, an owner of early help for others and their head, the resource centre, the administrator."""
STEPS_APART = 12
"""Of the forms of steps every twelfth is opened: one template makes them all."""
FRAGMENT = {"HX-Request": "true"}
"""What stands around a page, its head and its ways, is the same on all of them."""
SIGNAL = {"facts": "ФактыСигнала", "measures": "МерыСигнала", "adults": "ВзрослыеСигнала"}
INFORMANT = {"name": "ИмяЗаявителя", "contact": "ТелефонЗаявителя", "note": "ПросьбаЗаявителя"}
SETTLEMENT = CANARIES["settlement"]
"""A key of the district's directory: no page shows it to anybody."""
PLACE = {"named": "ИмяПриёмных", "address": "АдресПриёмных", "phone": "ТелефонПриёмных"}


@dataclass(frozen=True)
class Matrix:
    """An application on a district with one case in which every field is written: made once, and only read."""

    app: Flask
    world: World
    addresses: list[str]


@pytest.fixture(scope="module")
def matrix(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    """Make it. What is shown to whom is decided by the same statements on both databases."""
    folder = tmp_path_factory.mktemp("matrix")
    with databases.fresh("sqlite", folder) as url, lend_app(config_for(folder, DATABASE_URL=url)) as app:
        world = _filled(app)
        yield Matrix(app, world, addresses(app))


def _filled(app: Flask) -> World:
    with app.app_context():
        made = settle_world(db.session(), PROCEDURE, "Asia/Novosibirsk")
        subject = _case(made)
        _people(made, subject)
        _written(subject)
        _visited(made, subject)
        signal = _elsewhere(made, subject)
        matrix_papers.write(made, subject, signal)
        child = db.session.scalars(select(FamilyMember).where(FamilyMember.name == "Петя")).one()
        matrix_safety.protect(subject, child, db.session.get_one(Person, made.people["Кураторова"]))
        matrix_course.write(made, subject, signal.id)
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
        papers, own = matrix_papers.ids(), matrix_course.pages()
        alarm = db.session.scalars(select(Alarm.id)).one()
    ids = {"family_id": [case.family_id], "subject_id": [case.id, signal.id], "signal_id": [signal.id]}
    ids |= {"visit_id": [visit], "event": list(steps())[::STEPS_APART], **papers}
    ids["alarm_id"] = [alarm]
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or not rule.arguments <= ids.keys() or rule.endpoint in FILES:
            continue
        many = [name for name in rule.arguments if len(ids[name]) > 1]
        first = {name: ids[name][0] for name in rule.arguments}
        chosen = [first] if not many else [first | {name: value} for name in many for value in ids[name]]
        found += [str(rule.build(values)[1]) for values in chosen]
    return sorted({*found, *own})


def words_for(layers: frozenset[str]) -> set[str]:
    """Return the words of a case's fields that somebody with these layers may read."""
    found = {word for event, question, word in fields_of_steps() if layer_of(event, question.id) in layers}
    if "papers" in layers:
        found |= matrix_safety.PAPERS
    if "raw" in layers:
        found |= matrix_safety.RAW
        found |= {*CANARIES.values(), *PLACE.values(), *SIGNAL.values()} - {SETTLEMENT}
    if "alarm" in layers:
        found |= matrix_safety.ALARM
    if "intake" in layers:
        found |= {*INFORMANT.values(), *SIGNAL.values()}
    if "papers" in layers and "shared" not in layers:
        found |= set(SIGNAL.values())  # the commission reads what it was told, never by whom
    return found


def everything() -> set[str]:
    """Return every word."""
    steps_words = {word for _event, _question, word in fields_of_steps()}
    steps_words |= matrix_papers.all_words() | matrix_course.all_words()
    steps_words |= matrix_safety.PAPERS | matrix_safety.RAW
    return steps_words | {*CANARIES.values(), *PLACE.values(), *SIGNAL.values(), *INFORMANT.values()}


def shown_to(matrix: Matrix, surname: str) -> dict[str, set[str]]:
    """Open every address as somebody at a desk; return the words that appear, by address."""
    with matrix.app.app_context():
        person = db.session.get_one(Person, matrix.world.people[surname])
        db.session.expunge(person)
    client, every, found = sign_in(matrix.app, person, OFFICE), everything(), {}
    for path in matrix.addresses:
        around = {} if path.startswith("/cases/") else FRAGMENT
        answer = client.get(path, base_url=ORIGIN, headers=around, follow_redirects=True)
        assert answer.status_code < 500, f"{path}: a page that does not come shows nothing to anybody"
        text = answer.get_data(as_text=True)
        found[path] = {word for word in every if word in text}
        answer.close()
    return found


def carried_by(matrix: Matrix, surname: str) -> set[str]:
    """Take the kit along on a phone of somebody; return the words in it."""
    with matrix.app.app_context():
        person = db.session.get_one(Person, matrix.world.people[surname])
        db.session.expunge(person)
    kit = kit_of(sign_in(matrix.app, person, FIELD))
    return {word for word in everything() if word in kit}


def case_page(app: Flask) -> str:
    with app.app_context():
        return f"/cases/{db.session.scalars(select(Subject.id).where(Subject.kind == 'case')).one()}"


@pytest.mark.parametrize("surname", READERS)
def test_a_reader_of_the_case_reads_the_fields_of_their_layers_and_no_other(matrix: Matrix, surname: str) -> None:
    of_tables = matrix_papers.words_of(surname) | matrix_course.words_of(surname)
    allowed = words_for(READERS[surname]) | of_tables

    shown = shown_to(matrix, surname)

    assert {path: words - allowed for path, words in shown.items() if words - allowed} == {}
    assert allowed - set().union(*shown.values()) == set()
    on_the_case = {word for _event, _question, word in fields_of_steps()}
    on_the_case |= matrix_safety.PAPERS | matrix_safety.RAW
    if READERS[surname] != {"alarm"}:
        assert shown[case_page(matrix.app)] & on_the_case == allowed & on_the_case


@pytest.mark.parametrize("surname", [*READERS, *STRANGERS])
def test_a_phone_carries_no_field_that_its_owner_does_not_read(matrix: Matrix, surname: str) -> None:
    own = set(SIGNAL.values()) if surname == "Учителева" else set()
    of_tables = matrix_papers.words_of(surname) | matrix_course.words_of(surname)
    allowed = words_for(READERS.get(surname, frozenset())) | of_tables | own

    carried = carried_by(matrix, surname)

    assert carried - allowed == set()
    assert bool(carried & {*CANARIES.values()}) == (READERS.get(surname) == ALL), "the raw layer goes with who carries"


@pytest.mark.parametrize("surname", STRANGERS)
def test_nobody_else_reads_a_field_of_it(matrix: Matrix, surname: str) -> None:
    shown = shown_to(matrix, surname)

    own = set(SIGNAL.values()) if surname == "Учителева" else set()  # what she wrote herself
    assert {path: words - own for path, words in shown.items() if words - own} == {}


def test_each_answer_lies_in_the_layer_in_which_it_was_put() -> None:
    lie = {f"{event}.{one.id}": one.layer for event, step in steps().items() for one in step.fields}

    assert {name: layer for name, layer in lie.items() if layer != "papers"} == LAYER_OF
    assert {layer_of(event, question.id) for event, question, _word in fields_of_steps()} >= {"papers", "shared", "raw"}


def test_every_role_that_there_is_reads_or_finds_nothing() -> None:
    held = {office for surname, _place, offices in PEOPLE if surname in {*READERS, *STRANGERS} for office in offices}

    assert held == set(ROLES)
    assert {*READERS, *STRANGERS} == {surname for surname, _place, _offices in PEOPLE}
