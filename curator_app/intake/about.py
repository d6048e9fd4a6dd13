"""Whom a signal is about, once somebody decides: a family that is known already, or one made of what was told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from curator_app.auth.models import Territory
from curator_app.database import uuid7
from curator_app.errors import Refused
from curator_app.families.findable import keep_findable
from curator_app.families.models import Family, FamilyMember
from curator_app.families.words import words
from curator_app.intake.duplicates import alike, sought_by
from curator_app.intake.models import Signal


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child of a family that begins here; `index` is its place in the list that named it."""

    index: int
    name: str
    born_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewFamily:
    """The card that a family begins with."""

    surname: str
    address: str
    children: Sequence[NewChild]
    adults: Sequence[str] = ()


def make_family(
    session: Session, territory: Territory, card: NewFamily, key: uuid.UUID | None = None
) -> tuple[Family, dict[int, FamilyMember]]:
    """Make a family of a district; return it, and its children by their place in the list that named them."""
    wrong = {"surname": "needed"} if not card.surname else {}
    if not any(child.name for child in card.children):
        wrong["children"] = "no_child"
    if wrong:
        raise Refused(fields=wrong)
    family = Family(id=key or uuid7(), surname=card.surname, address=card.address, territory=territory)
    session.add(family)
    known: dict[int, FamilyMember] = {}
    for child in card.children:
        if child.name:
            known[child.index] = FamilyMember(kind="child", name=child.name, born_on=child.born_on)
    adults = [FamilyMember(kind="adult", name=name) for name in card.adults if name]
    for position, member in enumerate((*adults, *known.values())):
        member.position = position
        family.members.append(member)
    session.flush()
    keep_findable(session, family)
    return family, known


def known_children(family: Family, signal: Signal) -> dict[int, FamilyMember]:
    """Return which child of a known family each told child is, where the names say so."""
    found: dict[int, FamilyMember] = {}
    for index, told in enumerate(signal.children):
        said = set(words(str(told.get("name", ""))))
        same = [child for child in family.children if said and said <= set(words(child.name))]
        if len(same) == 1:
            found[index] = same[0]
    return found


def candidates(session: Session, signal: Signal) -> Sequence[Family]:
    """Return families of the territory whom the signal may be about: alike by name, address or phone."""
    return [one.family for one in alike(session, sought_by(signal)) if one.family is not None]


def chosen(session: Session, signal: Signal, family_id: uuid.UUID) -> Family:
    """Return a family that may be chosen for a signal: one of its territory."""
    query = select(Family).where(Family.id == family_id, Family.territory_id == signal.territory_id)
    family = session.scalars(query).first()
    if family is None:
        raise Refused(fields={"family": "family"})
    return family


def by_member(
    known: Mapping[int, FamilyMember], said: Mapping[str, Mapping[str, str]]
) -> dict[uuid.UUID, Mapping[str, str]]:
    """Return what was decided per child of the signal, per member of the family."""
    return {known[int(index)].id: values for index, values in said.items() if int(index) in known}
