"""Terms that a profile works out by hand: the engine must come to the same day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from curator_app.procedures.calendar import calendar_of
from curator_app.procedures.engine import duties
from curator_app.procedures.facts import Fact
from curator_app.procedures.profile_definition import Example, Profile, Rule


def wrong_examples(profile: Profile) -> list[str]:
    """Return the examples that do not come out, as «place: what comes out instead»."""
    faults = []
    for rule in profile.duties:
        for index, example in enumerate(rule.examples):
            try:
                counted = counted_from(profile, rule, example)
            except OverflowError:  # after the year 9999 there is no day to come to
                counted = None
            if counted != _in_zone(example.due, profile):
                place = f"duties «{rule.id}», examples [запись {index + 1}]"
                said = f"от {_said(example.after)} выходит {_said(counted)}, а в примере стоит {_said(example.due)}"
                faults.append(f"{place}: {said}")
    return faults


def counted_from(profile: Profile, rule: Rule, example: Example) -> date | datetime | None:
    """Return what the rule alone makes of an example's anchor, on the day of the anchor itself."""
    begun = _in_zone(example.after, profile)
    at = begun if isinstance(begun, datetime) else None
    on = begun.date() if isinstance(begun, datetime) else begun
    data = {key: values[0] for key, values in rule.after_data.items()}
    anchor = Fact("example", rule.subject, rule.after[0], on, at, data)
    alone = profile.model_copy(update={"duties": (rule,)})
    found = duties(alone, [anchor], calendar_of(profile.calendar), on)
    return next((one.due or one.aim for one in found), None)


def _in_zone(moment: date | datetime, profile: Profile) -> date | datetime:
    """Return a moment in the profile's zone; one without a zone of its own is meant there."""
    if not isinstance(moment, datetime):
        return moment
    zone = ZoneInfo(profile.zone)
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _said(moment: date | datetime | None) -> str:
    if moment is None:
        return "ничего"
    return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()
