"""The form of a contact as data: a few words and the kinds of contact there are."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from curator_app.procedures.form_definition import Chip
from curator_app.procedures.forms_loader import FOLDER, FormError

NEWEST_CONTACT = "contact@1"
_RELEASE = re.compile(r"contact@[0-9]{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ContactDefinition:
    """A released form of a contact."""

    id: str
    title: str
    words: dict[str, str]
    kinds: tuple[Chip, ...]

    def kind(self, key: str) -> Chip:
        """Return a kind of contact; one that this form does not know is shown by its id."""
        return next((chip for chip in self.kinds if chip.id == key), Chip(key, key, icon="phone"))


@lru_cache
def load_contact_form(form_id: str) -> ContactDefinition:
    """Read a released form such as contact@1; raise FormError for one that was never released.

    The name may come from a phone, so that only what looks like a release reaches the file system.
    """
    path = FOLDER / f"{form_id}.toml"
    if not _RELEASE.fullmatch(form_id) or not path.exists():
        message = f"{form_id[:60]!r}: there is no such form of a contact"
        raise FormError(message)
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    kinds = tuple(Chip(**entry) for entry in data["kinds"])
    return ContactDefinition(form_id, data["meta"]["title"], data["words"], kinds)
