"""A case begins by a commission's resolution or by a decision on the level, as the territory's document says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.auth.models import Person, Territory
from curator_app.cases.models import CaseChild
from curator_app.cases.opening import Opening, Resolution, file_of, open_case, open_early_help
from curator_app.cases.stepping import StepRefused
from curator_app.clock import today
from curator_app.errors import Conflict, Refused
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.procedures.profiles_loader import names
from curator_app.subjects.duty_models import DutyRow
from curator_app.subjects.models import Event, Subject

ON = today("Asia/Novosibirsk")
PAPER = Resolution("12-п", ON, "поставить на учёт")


@pytest.fixture
def session(app: Flask) -> Iterator[Any]:
    """A session of an empty database."""
    with app.app_context():
        yield db.session()


def family_in(procedure: str) -> Family:
    """A family of a mother and three, one of them of age, in a territory of its own."""
    territory = Territory(name="Небывалый район", zone="Asia/Novosibirsk", procedure=procedure)
    family = Family(surname="Выдумкины", territory=territory)
    family.members = [
        FamilyMember(kind="adult", name="Анна", born_on=date(1985, 1, 1)),
        FamilyMember(kind="child", name="Пётр", born_on=ON - timedelta(days=19 * 366)),
        FamilyMember(kind="child", name="Миша", born_on=ON - timedelta(days=10 * 366)),
        FamilyMember(kind="child", name="Соня", born_on=None),
    ]
    db.session.add_all([territory, family])
    db.session.flush()
    return family


def types_of(subject: Subject) -> list[str]:
    """What happened in a subject, in the order of recording."""
    return list(db.session.scalars(select(Event.type).where(Event.subject_id == subject.id).order_by(Event.no)))


def rules_of(subject: Subject) -> set[str]:
    """The duties that the case began with."""
    db.session.flush()
    return set(db.session.scalars(select(DutyRow.rule).where(DutyRow.subject_id == subject.id)))


def children_of(subject: Subject) -> dict[str, CaseChild]:
    """The children of a case by name."""
    rows = db.session.scalars(select(CaseChild).where(CaseChild.subject_id == subject.id))
    return {row.member.name: row for row in rows}


@pytest.mark.parametrize("procedure", names())
def test_a_case_begins_with_what_its_document_knows(session: Any, procedure: str) -> None:
    subject = open_case(session, family_in(procedure), Opening(on=ON, resolution=PAPER))

    assert set(types_of(subject)) & {"registered", "case_opened"}
    assert rules_of(subject)
    assert subject.procedure == f"{procedure}@1"


def test_the_terms_of_a_resolution_count_from_its_day(session: Any) -> None:
    family = family_in("kochki_2020")

    subject = open_case(session, family, Opening(on=date(2026, 10, 30), resolution=Resolution("1", date(2026, 10, 30))))

    due = session.scalars(select(DutyRow.due_on).where(DutyRow.rule == "resolution_copies")).one()
    assert types_of(subject) == ["resolution_adopted", "registered"]
    assert due == date(2026, 11, 5)


def test_a_level_decides_which_terms_hold(session: Any) -> None:
    subject = open_case(session, family_in("novosibirsk_2022"), Opening(on=ON, decided={"level": "high"}))

    assert types_of(subject) == ["risk_decided", "case_opened"]
    assert file_of(session, subject).ground == "decision"
    assert "assign_curator" in rules_of(subject)


@pytest.mark.parametrize("after_a_signal", [True, False])
def test_a_case_opens_only_by_the_paper_that_the_document_wants(session: Any, after_a_signal: bool) -> None:
    signal = Subject(kind="signal", procedure="kochki_2020@1") if after_a_signal else None
    for procedure, opens in (("kochki_2020", False), ("krasnoyarsk_2011", False), ("novosibirsk_2022", True)):
        family = family_in(procedure)
        if signal is not None:
            signal.territory = family.territory
            session.add(signal)
            session.flush()
        if opens:
            assert open_case(session, family, Opening(on=ON, signal=signal)).kind == "case"
            continue
        with pytest.raises(StepRefused) as refused:
            open_case(session, family, Opening(on=ON, signal=signal))
        assert "постановление комиссии. Ничего не записано" in refused.value.sentence
        assert "Правило: " in refused.value.sentence
        assert types_of(open_case(session, family, Opening(on=ON, signal=signal, resolution=PAPER)))


def test_all_who_are_not_of_age_belong_to_it_unless_named(session: Any) -> None:
    family = family_in("kochki_2020")
    subject = open_case(session, family, Opening(on=ON, resolution=PAPER))

    assert set(children_of(subject)) == {"Миша", "Соня"}
    assert {row.placement for row in children_of(subject).values()} == {"home"}


def test_a_child_may_have_a_status_of_its_own(session: Any) -> None:
    family = family_in("kdn_stage_table")
    misha = family.children[1]
    opening = Opening(
        on=ON, resolution=PAPER, decided={"level": "tzhs"}, about={misha.id: {"level": "sop"}}, children=[misha.id]
    )

    subject = open_case(session, family, opening)

    decided = session.scalars(select(Event).where(Event.type == "risk_decided").order_by(Event.no)).all()
    assert [event.data.get("child", "") for event in decided] == ["", str(misha.id)]
    assert {name: row.status for name, row in children_of(subject).items()} == {"Миша": "sop"}


def test_a_child_of_another_family_is_refused(session: Any) -> None:
    stranger = family_in("kochki_2020").children[0]

    with pytest.raises(Refused):
        open_case(session, family_in("krasnoyarsk_2011"), Opening(on=ON, resolution=PAPER, children=[stranger.id]))


def test_numbers_go_on_after_those_that_families_came_with(session: Any) -> None:
    first, second = family_in("kochki_2020"), family_in("kochki_2020")
    second.territory, first.case_no = first.territory, 63
    session.flush()

    numbers = [
        file_of(session, open_case(session, one, Opening(on=ON, resolution=PAPER))).number for one in (second, first)
    ]

    assert numbers == [64, 65]
    assert (second.case_no, first.case_no) == (64, 65)


def test_a_second_case_of_a_family_waits_until_the_first_is_closed(session: Any) -> None:
    family = family_in("kochki_2020")
    subject = open_case(session, family, Opening(on=ON, resolution=PAPER))

    with pytest.raises(Conflict):
        open_case(session, family, Opening(on=ON, resolution=PAPER))
    subject.closed_on = ON
    assert open_case(session, family, Opening(on=ON, resolution=PAPER)).id != subject.id


def test_early_help_waits_for_the_familys_consent(session: Any) -> None:
    family = family_in("novosibirsk_2022")
    owner = Person(name="Буквин Семён Ильич")
    session.add(owner)

    subject = open_early_help(session, family, Opening(on=ON, decided={"level": "low"}, by=owner, reason="питание"))

    assert subject.kind == "early_help"
    assert types_of(subject) == ["risk_decided"]
    assert rules_of(subject) == {"family_consent"}
    assert family.case_no is None
