"""What an envelope that did not apply says, to be read at a desk: its own fields in the form's own words.

Nothing is applied and nothing is changed by looking.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from curator_app import texts
from curator_app.extensions import db
from curator_app.presentation import day_year
from curator_app.procedures.form_definition import FormDefinition
from curator_app.procedures.forms_loader import load_form, newest, released
from curator_app.sync.envelopes import Unreadable, is_signed_by, open_sealed
from curator_app.sync.kinds import PHOTO
from curator_app.sync.models import Envelope
from curator_app.sync.opened import NotApplicable, posted

_PHOTO = re.compile(r"photos-\d+-id")
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNSAID = re.compile(
    r"id|family|form_version|finish|ui\..*|photos-.*|.*_sha256|.*_mark|teller_.*|promises-\d+-(id|side)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was written: where it stood, and the words."""

    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Original:
    """An envelope's fields as they came."""

    fields: MultiDict[str, str]

    @property
    def family_id(self) -> uuid.UUID | None:
        """The family it names, or None where it names none."""
        try:
            return uuid.UUID(self.fields.get("family", ""))
        except ValueError:
            return None

    @property
    def pictures(self) -> int:
        """How many photos it announces."""
        return sum(1 for name in self.fields if _PHOTO.fullmatch(name))

    def lines(self, names: dict[uuid.UUID, str]) -> list[Line]:
        """Return what was written, in the form's words; `names` are those of people one may know."""
        form = load_form(released(self.fields.get("form_version", "")) or newest("visit"))
        return list(_lines(self.fields, form, {str(key): name for key, name in names.items()}))


def original_of(envelope: Envelope) -> Original | None:
    """Open an envelope for reading; None for a photo, and where seal or signature do not hold or it is no form."""
    if envelope.kind == PHOTO:
        return None
    private = current_app.extensions["key_ring"].private(envelope.kid)
    body = db.session.scalar(select(Envelope.body).where(Envelope.id == envelope.id))
    if private is None or body is None:
        return None
    try:
        signature, plain = open_sealed(private, envelope.header, body)
        if not is_signed_by(envelope.enrolment.signing_key, envelope.header, plain, signature):
            return None
        return Original(posted(plain))
    except (Unreadable, NotApplicable):
        return None


def _lines(fields: MultiDict[str, str], form: FormDefinition, names: dict[str, str]) -> Iterator[Line]:
    for name in fields:
        if _UNSAID.fullmatch(name):
            continue
        said = [_value(value, form, names) for value in fields.getlist(name) if value]
        if said:
            yield Line(_title(name, form, names), ", ".join(said))


def _title(name: str, form: FormDefinition, names: dict[str, str]) -> str:
    """Name a field as a person would: «Здоровье, Саша: факт»."""
    words = texts.tables()["repairs"]
    base, _, member = name.partition("@")
    who = next((known for key, known in names.items() if member.startswith(key)), "")
    head, _, tail = base.partition("-")
    part = name.rpartition("-")[2] if name.rpartition("-")[2] in words["parts"] else tail
    sections = {section.id: section.short for section in form.sections}
    first = sections.get(head) or words["fields"].get(head) or form.labels.get(head) or words["fields"]["other"]
    second = words["parts"].get(part) or form.labels.get(tail, "")
    return ": ".join(filter(None, [", ".join(filter(None, [first[:1].upper() + first[1:], who])), second]))


def _value(value: str, form: FormDefinition, names: dict[str, str]) -> str:
    """Name an answer; what was typed is left as it is."""
    item, _, member = value.partition("@")
    tables = texts.tables()
    signals = tables["signals"]
    codes = signals["sources"] | signals["signs"] | tables["repairs"]["values"] | tables["queue"]["kinds"]
    codes |= tables["planning"]["reasons"]
    codes |= tables["safety"]["places"] | tables["safety"]["agreements"] | tables["safety"]["kinds"]
    label = names.get(item) or form.labels.get(item) or codes.get(item)
    if label is None:
        return _day(value)
    return f"{label}: {names[member]}" if member in names else str(label)


def _day(value: str) -> str:
    """Say a day as people do; everything else is left as it was typed."""
    try:
        return day_year(date.fromisoformat(value)) if _ISO.fullmatch(value) else value
    except ValueError:
        return value
