"""An envelope whose seal and signature held, and the two ways in which it may not apply."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from curator_app.auth.models import Enrolment
from curator_app.procedures.forms_loader import is_ahead
from curator_app.sync.models import NOBODYS, Envelope

FIELDS_LIMIT = 5000


class NotApplicable(Exception):
    """What the envelope says cannot be applied; `reasons` are codes for its author and the head."""

    def __init__(self, *reasons: dict[str, Any]) -> None:
        """Take the reasons, such as {"code": "field", "field": "on"}."""
        super().__init__(reasons)
        self.reasons = list(reasons)


class Waits(Exception):
    """It refers to something that has not come yet; it stays as it is until then. `code` says what it waits for."""

    def __init__(self, code: str = "waits") -> None:
        """Take the reason's code."""
        super().__init__(code)
        self.code = code


class Unwanted(Exception):
    """Bytes that nobody may keep: the family took the picture back, or the territory takes none. `code` says which."""

    def __init__(self, code: str) -> None:
        """Take the reason's code."""
        super().__init__(code)
        self.code = code


def does_not_hold(form: Any, newest_form: str = "") -> Exception:
    """Return what to raise for a form that does not hold: the fields by name, or that this server is too old for it.

    A release that this server does not know yet is no mistake of anybody's: the record waits for the next version.
    """
    version = "form_version" in form.errors and str(form["form_version"].data)
    if version and is_ahead(version, newest_form):
        return Waits("form_unknown_yet")
    return NotApplicable(*({"code": "field", "field": name} for name in form.errors))


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope whose seal and signature held, its author's enrolment, and its body."""

    envelope: Envelope
    enrolment: Enrolment
    body: bytes


def named_family(body: bytes) -> uuid.UUID:
    """Return the family that a form names; NOBODYS where it names none, or is no form."""
    try:
        return uuid.UUID(posted(body).get("family", ""))
    except (ValueError, NotApplicable):
        return NOBODYS


def posted(body: bytes) -> MultiDict[str, str]:
    """Return the form's fields that a body holds; raise NotApplicable when it is no form."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_LIMIT)
    except ValueError as error:
        raise NotApplicable({"code": "not_a_form"}) from error
    return MultiDict(pairs)
