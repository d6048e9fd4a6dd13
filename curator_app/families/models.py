"""A family and its people."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, func, or_, select, union, union_all
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column, relationship, validates

from curator_app.auth.models import Person, Role, Territory
from curator_app.database import BYTEWISE, Base
from curator_app.families.words import plain
from curator_app.subjects.models import CARD_ROLES, CASE_ROLES, HEADED_ROLES, Assignment, Subject

FamilyId = ColumnElement[uuid.UUID] | InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None]
"""A column of a query that holds a family's id."""


def _by_itself(column: Any) -> Any:
    """Return the column as something that no index knows: a row at hand is asked, nobody's rows are gathered first."""
    return func.coalesce(column, column)


class Family(Base):
    """The people an organisation works with, under one surname and address."""

    __tablename__ = "family"
    surname: Mapped[str]
    listed_as: Mapped[str] = mapped_column(BYTEWISE, default="", server_default="")
    """Where a list puts it: the surname in small letters with е for ё, ordered by bytes on every database."""
    address: Mapped[str] = mapped_column(default="")
    address_hidden: Mapped[bool] = mapped_column(default=False)
    """Only curator, substitute and head may know where they live."""
    settlement: Mapped[str] = mapped_column(default="")
    """Key of the territory's directory for «Нет связи»: nearest phone, village head, place with a signal."""
    place: Mapped[str] = mapped_column(default="urban")
    """rural | urban: decides which chips make sense."""
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))
    case_no: Mapped[int | None]
    level: Mapped[str] = mapped_column(default="")
    stage: Mapped[str] = mapped_column(default="")
    story: Mapped[str] = mapped_column(default="")
    door: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """code, dog, best_time: what one wants to know before knocking."""
    erased_on: Mapped[date | None]
    """The term of keeping was over: an act erased what was written of them, that there was work with them stays."""

    territory: Mapped[Territory] = relationship()
    members: Mapped[list[FamilyMember]] = relationship(order_by="FamilyMember.position", back_populates="family")
    cautions: Mapped[list[Caution]] = relationship(order_by="Caution.noted_on.desc()", back_populates="family")

    @validates("surname")
    def _list(self, _key: str, surname: str) -> str:
        self.listed_as = plain(surname)
        return surname

    @property
    def adults(self) -> list[FamilyMember]:
        """Adults, in the order of the card."""
        return [member for member in self.members if member.kind == "adult"]

    @property
    def children(self) -> list[FamilyMember]:
        """Children, eldest first as the card has them."""
        return [member for member in self.members if member.kind == "child"]

    def cautions_on(self, on: date) -> list[Caution]:
        """Return the cautions in force on that day, the newest first."""
        return [caution for caution in self.cautions if caution.holds(on)]

    @classmethod
    def ids_visible_to(cls, person: Person, on: date) -> Select[uuid.UUID]:
        """Select ids of all families the person may open on that day: the shared card, no raw record.

        Whoever is assigned (curator, substitute, owner of early help, member of the working group) sees that
        family; a head those that are in the hands of her organisation, save early help. Nobody else sees any.
        """
        both = union(*cls._ways(person, on, None)).subquery()
        return select(both.c.family_id)

    @classmethod
    def some_ids_visible_to(cls, person: Person, on: date, most: int) -> Select[uuid.UUID]:
        """Select so many of the ids the person may open and look for no more; one may come twice."""
        some = union_all(*cls._ways(person, on, None)).limit(most).subquery()
        return select(some.c.family_id)

    @classmethod
    def own_ids(cls, person: Person, on: date) -> Select[uuid.UUID]:
        """Select ids of families that the person is assigned to on that day."""
        own, _heads = cls._ways(person, on, None)
        return own

    @classmethod
    def is_visible_to(cls, person: Person, on: date, family_id: FamilyId) -> ColumnElement[bool]:
        """Ask of one row of an enclosing query whether the person may open its family: for walks along an index.

        `ids_visible_to` is the other way round: it gathers them all before the first row is shown.
        """
        return cls._is_among(cls._ways(person, on, None, _by_itself), family_id)

    @classmethod
    def is_raw_visible_to(cls, person: Person, on: date, family_id: FamilyId) -> ColumnElement[bool]:
        """Ask of one row of an enclosing query whether the person may read the raw layer of its family.

        Visits, child's words, hidden address: curator and substitute of the case, and the head of their organisation
        (docs/security.md, «layers»).
        """
        return cls._is_among(cls._ways(person, on, CASE_ROLES, _by_itself), family_id)

    @classmethod
    def _is_among(cls, ways: Iterable[Select[Any]], family_id: FamilyId) -> ColumnElement[bool]:
        # The offset keeps PostgreSQL from reading all of a way's rows into a table of its own first.
        return or_(*(way.where(way.selected_columns[0] == family_id).offset(0).exists() for way in ways))

    @classmethod
    def _ways(
        cls, person: Person, on: date, roles: frozenset[str] | None, asked: Callable[[Any], Any] = lambda column: column
    ) -> tuple[Select[Any], Select[Any]]:
        # Under names of their own: an enclosing query may have these tables too, and would answer for them.
        subject, assigned, role = aliased(Subject), aliased(Assignment), aliased(Role)
        current = (assigned.since_on <= on) & (assigned.until_on.is_(None) | (assigned.until_on >= on))
        # The last day of a case counts for what was written on it; to be looked at it is over from that day.
        open_then = subject.closed_on.is_(None) | (subject.closed_on > on)
        carried = select(subject.family_id).join(assigned, assigned.subject_id == subject.id).where(current, open_then)
        own = carried.where(asked(assigned.person_id) == person.id, assigned.role.in_(roles or CARD_ROLES))
        heads = carried.join(role, role.organisation_id == asked(assigned.organisation_id)).where(
            assigned.role.in_(HEADED_ROLES),  # a group member's head has nothing to do with the case
            asked(role.person_id) == person.id,
            role.role == "head",
            role.since_on <= on,
            role.until_on.is_(None) | (role.until_on >= on),
        )
        return own, heads

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Family]:
        """Select the families the person may open on that day: the only door to these rows.

        For one row or a few that the query names: each is asked. Lists go by families/scope.py.
        """
        return select(cls).where(cls.is_visible_to(person, on, cls.id))

    @classmethod
    def raw_visible_to(cls, person: Person, on: date) -> Select[Family]:
        """Select the families whose raw layer the person may read on that day."""
        return select(cls).where(cls.is_raw_visible_to(person, on, cls.id))


class FamilyMember(Base):
    """A child or an adult of the family."""

    __tablename__ = "family_member"
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"), index=True)
    kind: Mapped[str]
    """adult | child."""
    name: Mapped[str]
    relation: Mapped[str] = mapped_column(default="")
    born_on: Mapped[date | None]
    position: Mapped[int] = mapped_column(default=0)
    died_on: Mapped[date | None]

    family: Mapped[Family] = relationship(back_populates="members")

    def age(self, on: date) -> int | None:
        """Full years on that day, or None where the birthday is unknown; nobody grows older than they became."""
        if self.born_on is None:
            return None
        on = min(on, self.died_on) if self.died_on else on
        before_birthday = (on.month, on.day) < (self.born_on.month, self.born_on.day)
        return on.year - self.born_on.year - before_birthday


class Caution(Base):
    """Something to be careful of at this door: dated, sourced and in force until a day, or it is not shown."""

    __tablename__ = "caution"
    family_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("family.id"), index=True)
    kind: Mapped[str]
    """caution_dog, caution_stairs_road, caution_no_signal, caution_go_in_pair, caution_infection,
    caution_past_aggression."""
    text: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    """Who says so, in words."""
    noted_on: Mapped[date]
    until_on: Mapped[date]
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    family: Mapped[Family] = relationship(back_populates="cautions")

    def holds(self, on: date) -> bool:
        """Tell whether it is still in force on that day; the last day counts."""
        return on <= self.until_on

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Caution]:
        """Select the cautions of families whose raw layer the person may read on that day."""
        return select(cls).where(Family.is_raw_visible_to(person, on, cls.family_id))


Index("ix_family_territory_surname", Family.territory_id, Family.surname)
Index("ix_family_listed", Family.listed_as, Family.id)
