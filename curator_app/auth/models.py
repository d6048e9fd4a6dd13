"""People, organisations, roles, passkeys, sign-ins and enrolments."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from curator_app.database import Base

FIELD = "field"
OFFICE = "office"


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
    directory: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Numbers and places for «Срочно» and the leaflet: {"roles": {"role_duty_head": {"name", "number"}, …},
    "settlements": {"с. Дальняя Выдумка": {"nearest_phone", "village_head_place", "public_place", "signal_place"}}}."""


class Organisation(Base):
    """An institution of the prevention system."""

    __tablename__ = "organisation"
    name: Mapped[str]
    kind: Mapped[str]
    territory_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("territory.id"))

    territory: Mapped[Territory] = relationship()


class Person(Base):
    """Somebody who works with families and signs in."""

    __tablename__ = "person"
    name: Mapped[str]
    """Surname, first name, patronymic, as in papers."""
    post: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    """At work: the duty person calls it after «Срочно», the curator says it to who comes."""

    roles: Mapped[list[Role]] = relationship(back_populates="person")

    @property
    def short_name(self) -> str:
        """«Туманова В. О.»."""
        surname, *rest = self.name.split()
        return " ".join([surname, *(f"{part[0]}." for part in rest)])

    def has_role(self, name: str, on: date) -> bool:
        """Tell whether the person holds the role on that day, anywhere."""
        return any(role.role == name and role.is_held(on) for role in self.roles)


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


class Enrolment(Base):
    """A person × browser. A field one may carry sealed envelopes; an office one only signs in."""

    __tablename__ = "enrolment"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    short: Mapped[str] = mapped_column(String(8), unique=True)
    """Eight hex digits: names the upload cookie and the browser's own database."""
    kind: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="active")
    """active → draining (may still deliver) → revoked."""
    signing_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Public half, 65-byte uncompressed P-256 point; the private half never leaves the phone."""
    upload_token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """SHA-256 of the upload cookie's value."""
    previous_upload_token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The one before: the answer that carried the new cookie may have been lost on the way."""
    last_contact_at: Mapped[datetime | None]
    phone_state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the phone last said of itself: counts by state, oldest unsent, version. No personal data."""

    person: Mapped[Person] = relationship()

    @property
    def is_field(self) -> bool:
        """Tell whether this browser carries a vault."""
        return self.kind == FIELD


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

    person: Mapped[Person] = relationship()


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
