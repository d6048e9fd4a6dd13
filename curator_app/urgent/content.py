"""What «Срочно» says and whom it names, as data (texts/urgent.toml), with a territory's numbers filled in."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "texts" / "urgent.toml"
VERSION = "urgent_content@1"
_NOT_DIALLED = re.compile(r"[^0-9+]")


@dataclass(frozen=True)
class Callee:
    """Somebody to call: the role, its number as it is read and as it is dialled, and who answers there."""

    id: str
    label: str
    who: str
    when: str
    number: str
    name: str = ""

    @property
    def dialled(self) -> str:
        """The number for `tel:` and `sms:`."""
        return _NOT_DIALLED.sub("", self.number)

    @property
    def is_mobile(self) -> bool:
        """Tell a number that may get an SMS from 112 and 103, which get none from us."""
        return self.dialled.startswith("+")


@lru_cache
def content() -> dict[str, Any]:
    """Return the whole content."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def step(name: str) -> dict[str, Any]:
    """Return a step of «Срочно» by its id."""
    return next(one for one in content()["steps"] if one["id"] == name)


def label(group: str, item: str) -> str:
    """Return the words of an answer: `needs`, `outcomes`, `reasons`, `answers`; "" for an unknown one."""
    return labels()[group].get(item, "")


@lru_cache
def labels() -> dict[str, dict[str, str]]:
    """Return the words of every answer by group and id."""
    groups = {
        "safe": step("step_safe")["options"],
        "needs": step("step_what")["options"],
        "outcomes": step("step_reached")["outcomes"],
        "reasons": content()["all_clear"]["reasons"],
        "answers": content()["confirmation"]["duty_buttons"],
    }
    return {name: {one["id"]: one["label"] for one in items} for name, items in groups.items()}


def callees(directory: dict[str, Any]) -> list[Callee]:
    """Return whom one may call, in the content's order; a role without a number is left out."""
    known = directory.get("roles", {})
    found = []
    for role in content()["roles"]:
        local = {} if role.get("fixed") else known.get(role["id"], {})
        number = role.get("number") or local.get("number", "")
        if number:
            name = local.get("name", "")
            found.append(Callee(role["id"], role["label"], role["who"], role["when"], number, name))
    return found


def places(directory: dict[str, Any], settlement: str) -> dict[str, str]:
    """Return where there is a phone or a signal near a settlement; empty when nobody wrote it down."""
    found = directory.get("settlements", {}).get(settlement, {})
    return {name: str(value) for name, value in found.items() if value}


def addressees() -> list[dict[str, str]]:
    """Return the bodies that may have to be told: id, label, what about."""
    found: list[dict[str, str]] = content()["notification_duty"]["addressees"]
    return found


def typical_addressees(need: str) -> list[str]:
    """Return whom the typical set names for what was needed; a person decides."""
    found: list[str] = content()["notification_duty"]["typical"].get(need, [])
    return found


def ways() -> dict[str, str]:
    """Return how a body may have been told, by id."""
    return {one["id"]: one["label"] for one in content()["notification_duty"]["how"]}
