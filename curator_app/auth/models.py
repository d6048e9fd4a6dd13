"""People, organisations, roles, passkeys, sign-ins and enrolments."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.database import Base

FIELD = "field"
OFFICE = "office"

HEAD = "head"
ADMINISTRATOR = "administrator"
METHODOLOGIST = "methodologist"

ACTIVE = "active"
DRAINING = "draining"
REVOKED = "revoked"
LOST = "lost"
HANDED_IN = "handed_in"
WAITING = "waiting"
APPROVED = "approved"
DECLINED = "declined"


class Territory(Base):
    """A district or city with its own zone and procedure."""

    __tablename__ = "territory"
    name: Mapped[str]
    zone: Mapped[str] = mapped_column(default="Europe/Moscow")
    procedure: Mapped[str]
    """Id of the procedure profile, such as novosibirsk_2022."""
    visit_form: Mapped[str] = mapped_column(default="")
    """The release of the visit form in force here, such as visit@1; "" is the newest."""
    photos_on: Mapped[bool] = mapped_column(default=True)
    """A territory may decide that nobody takes photos."""
    kept_years: Mapped[int] = mapped_column(default=5, server_default="5")
    """How long the content of a family's records is kept after the last work with it; no document names a term."""
    public_signals: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether anybody may tell of a child here, on a page without an account."""
    unconfirmed_months: Mapped[int] = mapped_column(default=6, server_default="6")
    """How long the words of a signal that was not confirmed are kept: the territory's choice."""
    reminding: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What the territory chose of reminders/rhythm.py: days before, quiet hours, names in letters, norm of cases."""
    directory: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Numbers and places for «Срочно» and the leaflet: {"roles": {"role_duty_head": {"name", "number"}, …},
    "settlements": {"с. Дальняя Выдумка": {"nearest_phone", "village_head_place", "public_place", "signal_place"}}}."""

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Territory]:
        """Select the territories that the person sets up: an administrator's business, all of them or none."""
        return select(cls) if person.has_role(ADMINISTRATOR, on) else select(cls).where(false())


class Organisation(Base):
    """An institution of the prevention system."""

    __tablename__ = "organisation"
    name: Mapped[str]
    kind: Mapped[str]
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))

    territory: Mapped[Territory] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Organisation]:
        """Select the organisations whose people the person looks after: all of them, or those she heads."""
        if person.has_role(ADMINISTRATOR, on):
            return select(cls)
        return select(cls).where(cls.id.in_(Role.ids_led_by(person, on)))


class Person(Base):
    """Somebody who works with families and signs in."""

    __tablename__ = "person"
    name: Mapped[str]
    """Surname, first name, patronymic, as in papers."""
    post: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    """At work: the duty person calls it after «Срочно», the curator says it to who comes."""
    email: Mapped[str] = mapped_column(default="", server_default="")
    """At work: where the morning's letter goes; empty for who wants none."""

    roles: Mapped[list[Role]] = relationship(back_populates="person")

    @property
    def short_name(self) -> str:
        """«Туманова В. О.»."""
        return shortened(self.name)

    def has_role(self, name: str, on: date) -> bool:
        """Tell whether the person holds the role on that day, anywhere."""
        return any(role.role == name and role.is_held(on) for role in self.roles)

    def keeps_procedures(self, on: date) -> bool:
        """Tell whether procedures and the calendar are this person's business: a methodologist's."""
        return self.has_role(METHODOLOGIST, on)

    def looks_after_people(self, on: date) -> bool:
        """Tell whether accounts and phones are this person's business: an administrator's or a head's."""
        return self.has_role(ADMINISTRATOR, on) or self.has_role(HEAD, on)

    def only_administers(self, on: date) -> bool:
        """Tell whether accounts and phones are all this person's business: no family is, nor ever a list of them."""
        held = {role.role for role in self.roles if role.is_held(on)}
        return held == {ADMINISTRATOR}

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Person]:
        """Select the people whose accounts and phones the person looks after: nothing of families comes with it.

        An administrator looks after everybody, a head after those who work in her organisation or will.
        """
        if person.has_role(ADMINISTRATOR, on):
            return select(cls)
        led = Role.ids_led_by(person, on)
        theirs = select(Role.person_id).where(
            Role.organisation_id.in_(led), Role.until_on.is_(None) | (Role.until_on >= on)
        )
        return select(cls).where(cls.id.in_(theirs))


def shortened(name: str) -> str:
    """Return a full name with initials: «Туманова В. О.»."""
    surname, *rest = name.split()
    return " ".join([surname, *(f"{part[0]}." for part in rest)])


class Role(Base):
    """A dated relation of a person and an organisation: case_curator, head, administrator."""

    __tablename__ = "role"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    since_on: Mapped[date]
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="roles")
    organisation: Mapped[Organisation] = relationship()

    def is_held(self, on: date) -> bool:
        """Tell whether the role is in force on that day; the last day counts."""
        return self.since_on <= on and (self.until_on is None or on <= self.until_on)

    @classmethod
    def held_on(cls, on: date) -> ColumnElement[bool]:
        """Return the condition that a role is in force on that day."""
        return (cls.since_on <= on) & (cls.until_on.is_(None) | (cls.until_on >= on))

    @classmethod
    def ids_led_by(cls, person: Person, on: date) -> Select[uuid.UUID]:
        """Select the ids of the organisations that the person heads on that day."""
        return select(cls.organisation_id).where(cls.person_id == person.id, cls.role == HEAD, cls.held_on(on))


class Enrolment(Base):
    """A person × browser. A field one may carry sealed envelopes; an office one only signs in."""

    __tablename__ = "enrolment"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    short: Mapped[str] = mapped_column(String(8), unique=True)
    """Eight hex digits: names the upload cookie and the browser's own database."""
    kind: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=ACTIVE)
    """active → draining (may still deliver) → revoked."""
    drain_way: Mapped[str] = mapped_column(default="", server_default="")
    """lost | handed_in: why it was switched off; "" while it is in use."""
    accepts_until: Mapped[datetime | None]
    """Until when a phone that was switched off may deliver what it has sealed."""
    revoked_at: Mapped[datetime | None]
    signing_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Public half, 65-byte uncompressed P-256 point; the private half never leaves the phone."""
    upload_token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """SHA-256 of the upload cookie's value."""
    previous_upload_token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The one before: the answer that carried the new cookie may have been lost on the way."""
    last_contact_at: Mapped[datetime | None]
    phone_state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the phone last said of itself: counts by state, oldest unsent, version. No personal data."""

    unsent_look_at: Mapped[datetime | None] = mapped_column(index=True)
    """When its owner is to be reminded of what waits on it, or the reminder is over: auth/unsent.py."""

    person: Mapped[Person] = relationship()

    @property
    def is_field(self) -> bool:
        """Tell whether this browser carries a vault."""
        return self.kind == FIELD

    @property
    def unsent(self) -> int:
        """How many records, drafts included, the phone last said it had and the server had not."""
        said = self.phone_state.get("unsent", 0)
        return said if isinstance(said, int) else 0

    @property
    def oldest_unsent_at(self) -> datetime | None:
        """When the oldest of them was sealed, by the phone's clock."""
        try:
            said = datetime.fromisoformat(str(self.phone_state.get("oldest", "")))
        except ValueError:
            return None
        return said if said.tzinfo else None

    def in_term(self, at: datetime) -> bool:
        """Tell whether the days in which a switched-off phone may deliver are not over."""
        return self.accepts_until is None or at < self.accepts_until

    def delivers(self, at: datetime) -> bool:
        """Tell whether sealed records are taken from it at that moment."""
        return self.state == ACTIVE or (self.state == DRAINING and self.in_term(at))

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[Enrolment]:
        """Select the enrolments of the people whom the person looks after."""
        return select(cls).where(cls.person_id.in_(Person.visible_to(person, on).with_only_columns(Person.id)))


class EnrolmentLink(Base):
    """A one-time invitation to enrol a browser; only a hash of its token is kept."""

    __tablename__ = "enrolment_link"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    enrolment_id: Mapped[uuid.UUID | None]
    """The id promised to the browser at the start, so that its database can bear the name."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    approval: Mapped[str] = mapped_column(default="", server_default="")
    """"" for a link that was given; waiting | approved | declined for one that a phone asks for by itself."""
    label: Mapped[str] = mapped_column(default="", server_default="")
    """System and browser of the phone that asks."""
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    """The enrolment whose passkey signed in on the phone that asks."""
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    replaces: Mapped[Enrolment | None] = relationship()

    @classmethod
    def visible_to(cls, person: Person, on: date) -> Select[EnrolmentLink]:
        """Select what the phones of those whom the person looks after ask for; nobody answers oneself."""
        theirs = Person.visible_to(person, on).with_only_columns(Person.id)
        return select(cls).where(cls.approval == WAITING, cls.person_id.in_(theirs), cls.person_id != person.id)


class Passkey(Base):
    """A WebAuthn credential (W3C WebAuthn Level 3)."""

    __tablename__ = "passkey"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[list[Any]] = mapped_column(default=list)

    person: Mapped[Person] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class Challenge(Base):
    """A sign-in challenge, good once and for a short time."""

    __tablename__ = "challenge"
    value: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignIn(UserMixin, Base):
    """One session of one person in one browser; Flask-Login's user, so that it can be listed and ended."""

    __tablename__ = "sign_in"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    enrolment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("enrolment.id"), index=True)
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")
    enrolment: Mapped[Enrolment] = relationship(lazy="joined")

    def get_id(self) -> str:
        """Name the session's row, not the person: a row can be revoked."""
        return str(self.id)


Index("ix_role_organisation", Role.organisation_id, Role.role)
