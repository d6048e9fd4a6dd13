"""Profiles of a rule or two, facts in a line, and the engine's answer in words that a test can compare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from curator_app.procedures import engine
from curator_app.procedures.facts import Duty, Fact
from curator_app.procedures.profile_definition import Profile
from tests.procedures.working_days import Country

ZONE = "Asia/Novosibirsk"
COUNTRY = Country()


def profile(*rules: dict[str, Any], **parts: Any) -> Profile:
    """A profile of these duties."""
    common = {"title": "Обязанность", "subject": "case", "owner": "case_curator", "territory_choice": True}
    return Profile.model_validate(
        {
            "id": "small",
            "version": 1,
            "title": "Малый порядок",
            "short_title": "Малый",
            "zone": ZONE,
            "documents": [{"id": "d", "title": "Документ"}],
            "roles": [{"id": "case_curator", "title": "Куратор", "territory_choice": True}],
            "duties": [common | {"done_by": ["done"]} | rule for rule in rules],
            **parts,
        }
    )


def fact(name: str, on: str, kind: str = "", **data: Any) -> Fact:
    """An event by its name; `on` is a day, or a moment with its offset. Its kind is its name without a number."""
    at = datetime.fromisoformat(on) if "T" in on else None
    return Fact(name, "case", kind or name.rstrip("0123456789"), date.fromisoformat(on[:10]), at, data)


def asked(rule: Profile | dict[str, Any], facts: Sequence[Fact], as_of: str, **more: Any) -> list[Duty]:
    """What is owed by a day, or by a moment."""
    of = rule if isinstance(rule, Profile) else profile({"id": "duty", **rule})
    when = datetime.fromisoformat(as_of) if "T" in as_of else date.fromisoformat(as_of)
    return engine.duties(of, facts, more.pop("calendar", COUNTRY), when, **more)


def said(duties: Sequence[Duty]) -> list[tuple[str, str, str]]:
    """Each duty as its anchor, due day and state; days late stand behind the state."""
    return [
        (one.anchor.id + (f" {one.period}" if one.period else ""), str(one.due or "—"), _state(one)) for one in duties
    ]


def _state(one: Duty) -> str:
    return f"{one.state} +{one.late_days}" if one.late_days else one.state
