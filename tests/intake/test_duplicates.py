"""Who writes a signal down is told when this child, this address or this phone is known already."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from curator_app.families.findable import keep_findable
from curator_app.families.models import Family
from curator_app.intake.duplicates import Sought, alike, sought_by
from curator_app.intake.models import Signal
from curator_app.intake.service import Child, take_signal
from curator_app.subjects.models import Subject
from tests.intake.conftest import Office, again, told


@pytest.fixture
def earlier(session: Session, office: Office) -> Signal:
    """A signal about Yegor Lopukhov, of Zarechnaya street 14, flat 2."""
    return take_signal(session, told(office), again(session, office.specialist), None)


def grounds(session: Session, office: Office, **sought: object) -> set[str]:
    """Return why what is sought looks like the earlier signal."""
    rows = alike(session, Sought(office.territory.id, **sought))  # type: ignore[arg-type]
    return {ground for row in rows if row.signal is not None for ground in row.grounds}


@pytest.mark.usefixtures("earlier")
@pytest.mark.parametrize(
    "child", ["Лопухов Егор", "Егор Лопухов", "Лопухов Е.", "лопухова егора", "Лапухов Егор", "Лопухов Е. С."]
)
def test_a_child_is_known_again_however_the_name_is_written(session: Session, office: Office, child: str) -> None:
    assert grounds(session, office, children=[child]) == {"name"}


@pytest.mark.usefixtures("earlier")
@pytest.mark.parametrize("child", ["Лопухов Степан", "Егор", "Лозовой Егор", "Е. Л."])
def test_another_child_is_another_child(session: Session, office: Office, child: str) -> None:
    assert grounds(session, office, children=[child]) == set()


def test_yo_and_ye_are_one_letter(session: Session, office: Office) -> None:
    take_signal(session, told(office, children=(Child("Ежёва Алёна"),), adults=""), None, None)

    assert grounds(session, office, children=["Ежева Алена"]) == {"name"}


@pytest.mark.usefixtures("earlier")
def test_a_mother_is_known_by_surname_and_initials(session: Session, office: Office) -> None:
    assert grounds(session, office, adults="Лопухова Наталья Ивановна") == {"name"}


@pytest.mark.usefixtures("earlier")
@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("Заречная 14-2", True),
        ("улица Заречная, дом 14", True),
        ("Зареченая, 14, кв 2", True),
        ("ул. Заречная, 15, кв. 2", False),
        ("ул. Полевая, 14, кв. 2", False),
        ("ул. Заречная", False),
    ],
)
def test_an_address_is_the_same_with_street_house_and_flat(
    session: Session, office: Office, address: str, known: bool
) -> None:
    assert grounds(session, office, address=address) == ({"address"} if known else set())


@pytest.mark.usefixtures("earlier")
@pytest.mark.parametrize("phone", ["8 (913) 000-11-22", "9130001122", "+79130001122"])
def test_a_phone_is_one_with_eight_and_with_plus_seven(session: Session, office: Office, phone: str) -> None:
    assert grounds(session, office, phone=phone) == {"phone"}


def test_a_family_that_is_worked_with_is_named_with_its_case(session: Session, office: Office) -> None:
    child = session.get_one(Family, office.people.ryabinkiny.id).children[0]
    first_name = child.name.split()[0]

    (row,) = alike(session, Sought(office.territory.id, children=[f"Рябинкин {first_name[0]}."]))

    assert row.family is not None
    assert row.family.id == office.people.ryabinkiny.id
    assert [subject.kind for subject in row.work] == ["case"]


def test_a_hidden_address_finds_nothing(session: Session, office: Office) -> None:
    family = session.get_one(Family, office.people.ryabinkiny.id)
    lives = f"{family.settlement} {family.address}"
    assert [row.family for row in alike(session, Sought(office.territory.id, address=lives))] == [family]

    family.address_hidden = True
    keep_findable(session, family)

    assert alike(session, Sought(office.territory.id, address=lives)) == []


def test_another_territory_is_not_searched_and_a_signal_is_not_like_itself(
    session: Session, office: Office, earlier: Signal
) -> None:
    elsewhere = session.get_one(Subject, earlier.id).territory_id
    other = session.get_one(Family, office.people.podorozhnikovy.id).territory_id
    assert elsewhere != other

    assert alike(session, Sought(other, children=["Лопухов Егор"], phone=earlier.phone)) == []
    assert alike(session, sought_by(earlier)) == []
