"""A duty's term in Russian words, as a methodologist reads it."""

from __future__ import annotations

from curator_app.procedures.profile_definition import Every, Profile, Rule, Term, Within
from curator_app.procedures.vocabulary import meaning_in
from curator_app.texts import plural

_DAYS = {"calendar_day": "календарных ", "working_day": "рабочих ", "unspecified_day": ""}
_ONE_DAY = {"calendar_day": "календарного ", "working_day": "рабочего ", "unspecified_day": ""}
_BOUNDS = {"exactly": "", "at_least": "не меньше ", "at_most": "не больше "}


def term_of(rule: Rule) -> str:
    """Return how long, or how often: «в течение 15 дней», «раз в календарный квартал», «срок не назван»."""
    if rule.within:
        return length(rule.within)
    if rule.every:
        return rhythm(rule.every)
    aim = f", территория ставит себе: {length(rule.target)}" if rule.target else ""
    return f"срок в документе не назван{aim}"


def beginning_of(profile: Profile, rule: Rule) -> str:
    """Return from what it is counted, in the profile's own words."""
    events = " или ".join(dict.fromkeys(f"«{inner(meaning_in(profile, one))}»" for one in rule.after))
    return f"от события {events}{' (предположено)' if rule.anchor_assumed else ''}"


def inner(words: str) -> str:
    """Return words for inside quotation marks: their own marks become inner ones."""
    return words.replace("«", "„").replace("»", "“")


def length(within: Within) -> str:
    """Return a length of time."""
    n, unit = within.n, within.unit
    if unit == "immediate":
        return "сразу"
    if unit == "sutki":
        return "в течение суток" if n == 1 else f"в течение {n} суток"
    if unit == "month":
        return f"в течение {n} {plural(n, 'месяца', 'месяцев', 'месяцев')}"
    kind = plural(n, _ONE_DAY[unit], _DAYS[unit], _DAYS[unit])
    unsaid = " (рабочих или календарных — не сказано)" if unit == "unspecified_day" else ""
    return f"в течение {n} {kind}{plural(n, 'дня', 'дней', 'дней')}{unsaid}"


def rhythm(every: Every) -> str:
    """Return how often something comes back."""
    if every.mode != "rolling":
        return f"раз в календарный {'месяц' if every.mode == 'calendar_month' else 'квартал'}"
    if every.unit == "month":
        span = "месяц" if every.n == 1 else f"{every.n} {plural(every.n, 'месяц', 'месяца', 'месяцев')}"
    else:
        span = "день" if every.n == 1 else f"{every.n} {plural(every.n, 'день', 'дня', 'дней')}"
    return f"раз в {span}, считая от прошлого раза"


def plan_term(term: Term | None) -> str:
    """Return how long a plan lasts."""
    if term is None:
        return "срок не назван"
    unit = ("месяц", "месяца", "месяцев") if term.unit == "month" else ("день", "дня", "дней")
    if term.bound != "exactly":
        unit = ("месяца", "месяцев", "месяцев") if term.unit == "month" else ("дня", "дней", "дней")
    return f"{_BOUNDS[term.bound]}{term.n} {plural(term.n, *unit)}"
