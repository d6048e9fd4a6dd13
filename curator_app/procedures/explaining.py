"""Every duty that follows from a list of events, as data for a machine and as a table for a methodologist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from curator_app.procedures import marks
from curator_app.procedures.calendar import Calendar
from curator_app.procedures.engine import duties
from curator_app.procedures.events_file import Story
from curator_app.procedures.facts import Duty
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.tables import table
from curator_app.procedures.term_words import inner
from curator_app.procedures.vocabulary import meaning_in
from curator_app.texts import plural

HOUR_SECONDS = 3600
WIDTHS = (19, 16, 34, 22, 40)
HEAD = ("Срок", "Состояние", "Что сделать", "Кто", "Откуда срок")
STATES = {
    "open": "открыто",
    "met": "сделано",
    "late": "срок прошёл",
    "undated": "срок не назван",
    "paused": "приостановлено",
}
SUBJECTS = {
    "signal": "Сигнал",
    "early_help": "Ранняя помощь",
    "case": "Случай",
    "aftercare": "Сопровождение после снятия",
    "body": "Рабочая группа",
    "organisation": "Организация",
    "person": "Специалист",
}
Told = tuple[Story, list[Duty]]


def told(
    profile: Profile, stories: Iterable[Story], calendar: Calendar, as_of: date | datetime, zone: str
) -> list[Told]:
    """Return each subject with what it owes."""
    return [(story, duties(profile, story.facts, calendar, as_of, zone)) for story in stories]


def as_data(profile: Profile, subjects: Iterable[Told], zone: str) -> list[dict[str, Any]]:
    """Return every duty as plain data; without a zone, moments keep the offset in which the event was written."""
    return [_as_data(profile, story, duty, zone) for story, found in subjects for duty in found]


def as_table(profile: Profile, subjects: Sequence[Told], as_of: date | datetime, zone: str) -> str:
    """Return what a methodologist reads: one table a subject, what comes first on top."""
    parts = [f"{profile.title} ({profile.key})"]
    for story, found in subjects:
        rows = [_row(profile, duty, as_of, zone) for duty in sorted(found, key=lambda duty: _first(duty, zone))]
        name = f"{SUBJECTS[story.subject]}{' ' if story.subject_id else ''}{story.subject_id}"
        parts += [f"\n{name}", table(HEAD, rows, WIDTHS) if rows else "Обязанностей нет."]
    return "\n".join(parts)


def _as_data(profile: Profile, story: Story, duty: Duty, zone: str) -> dict[str, Any]:
    source = duty.rule.source
    timeless = duty.state in {"undated", "elapsed"}
    return {
        "rule": duty.rule.id,
        "title": duty.rule.title,
        "subject": story.subject,
        **({"subject_id": story.subject_id} if story.subject_id else {}),
        "owner": duty.rule.owner,
        "owner_title": _owner(profile, duty),
        "anchor": {"event": duty.anchor.id, "type": duty.anchor.type, "on": duty.anchor.on.isoformat()},
        "period": duty.period or None,
        "due": _iso(duty.due, _clock(profile, duty, zone)),
        "aim": duty.aim.isoformat() if duty.aim else None,
        "met_by": duty.met_by.id if duty.met_by else None,
        "state": duty.state,
        "late_days": None if timeless else duty.late_days,
        "source": {"doc": source.doc, "ref": source.ref, "quote": source.quote} if source else None,
        "marks": list(duty.marks),
    }


def _clock(profile: Profile, duty: Duty, zone: str) -> tzinfo:
    written = duty.anchor.at.tzinfo if duty.anchor.at else None
    return written if written and not zone else ZoneInfo(zone or profile.zone)


def _iso(moment: date | datetime | None, clock: tzinfo) -> str | None:
    if isinstance(moment, datetime):
        return moment.astimezone(clock).isoformat(timespec="minutes")
    return moment.isoformat() if moment else None


def _row(profile: Profile, duty: Duty, as_of: date | datetime, zone: str) -> tuple[str, ...]:
    source = duty.rule.source
    anchor = f"от {_day(duty.anchor.on)}, «{inner(meaning_in(profile, duty.anchor.type))}»"
    said = [anchor, f"{source.doc}, {source.ref}: «{source.quote}»" if source else ""]
    said += [duty.rule.unsaid if mark == "unsaid" else marks.WORDS[mark] for mark in duty.marks]
    return (
        _when(duty, zone),
        _state(duty, as_of, zone),
        duty.rule.title,
        _owner(profile, duty),
        "; ".join(one for one in said if one),
    )


def _when(duty: Duty, zone: str) -> str:
    if duty.rule.within and duty.rule.within.unit == "immediate":
        return "сразу"
    if isinstance(duty.due, datetime):
        return f"{duty.due.astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M}"
    if duty.due is None:
        return f"цель {_day(duty.aim)}" if duty.aim else "—"
    moved = duty.aim and duty.aim != duty.due
    return f"{_day(duty.due)}, лучше {_day(duty.aim)}" if moved and duty.aim else _day(duty.due)


def _state(duty: Duty, as_of: date | datetime, zone: str) -> str:
    if duty.state == "elapsed":
        return f"идёт {_passed(duty, as_of, zone)}"
    late = f" на {duty.late_days} {plural(duty.late_days, 'день', 'дня', 'дней')}" if duty.late_days else ""
    if duty.state == "met" and duty.met_by:
        done = f"сделано {_day(duty.met_by.on)}"
        return f"{done}, позже{late}" if late else done
    return f"{STATES[duty.state]}{late}"


def _passed(duty: Duty, as_of: date | datetime, zone: str) -> str:
    """Return how long what has to be done at once is waiting: hours where both ends have one, else days."""
    if isinstance(as_of, datetime) and duty.anchor.at:
        hours = int((as_of - duty.anchor.at).total_seconds() // HOUR_SECONDS)
        return f"{hours} {plural(hours, 'час', 'часа', 'часов')}"
    on = as_of.astimezone(ZoneInfo(zone)).date() if isinstance(as_of, datetime) else as_of
    days = (on - duty.anchor.on).days
    return f"{days} {plural(days, 'день', 'дня', 'дней')}" if days else "первый день"


def _first(duty: Duty, zone: str) -> tuple[bool, str]:
    moment = duty.due or duty.aim
    return moment is None, _iso(moment, ZoneInfo(zone)) or ""


def _owner(profile: Profile, duty: Duty) -> str:
    return next(role.title for role in profile.roles if role.id == duty.rule.owner)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
