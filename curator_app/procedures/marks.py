"""What is to be said about a duty beside its day: the marks that the engine sets, and their words."""

from __future__ import annotations

from curator_app.procedures.profile_definition import Rule

WORDS = {
    "territory_choice": "в документе этого нет: так решила территория",
    "unsaid": "документ этого не уточняет",
    "anchor_assumed": "от какого события считать, документ не называет: предположено",
    "day_kind_unsaid": "рабочие дни или календарные — не указано в документе",
    "time_unknown": "час события не записан: сутки считаются с ближайшей полуночи",
    "calendar_provisional": "производственный календарь этого года ещё не утверждён",
    "level_unknown": "решения об уровне или категории ещё нет",
    "not_asked_now": "при нынешнем уровне или категории этого не требуется",
    "ended_before": "сделано, когда работа была уже закончена: опоздание считается до её окончания",
    "paused": "работа приостанавливалась",
    "own_frequency": "по частоте, назначенной для этой семьи",
    "frequency_replaced": "эту частоту к тому времени сменили: опоздание считается до смены",
    "frequency_ignored": "назначенная частота реже, чем требует документ, и не действует",
}


def of_entry(rule: Rule) -> tuple[str, ...]:
    """Return the marks that a rule carries whatever happens."""
    marked = {"territory_choice": rule.territory_choice, "unsaid": rule.unsaid, "anchor_assumed": rule.anchor_assumed}
    return tuple(mark for mark, stands in marked.items() if stands)


def in_order(marks: set[str]) -> tuple[str, ...]:
    """Return marks as they are read: the entry's own first."""
    return tuple(mark for mark in WORDS if mark in marks)
