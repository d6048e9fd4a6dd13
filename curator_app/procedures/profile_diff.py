"""How two profiles differ, in Russian words: what one document has and the other has not, and which terms differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from curator_app.procedures.duty_pairs import pairs_of
from curator_app.procedures.profile_definition import Choice, Classification, Plan, Profile, Role, Rule
from curator_app.procedures.term_words import beginning_of, plan_term, term_of
from curator_app.texts import plural


@dataclass(frozen=True)
class Difference:
    """One part of the two profiles and the sentences about it."""

    title: str
    lines: tuple[str, ...]


def differences(first: Profile, second: Profile) -> list[Difference]:
    """Return what differs, part by part; parts that are alike are not in it."""
    parts: tuple[tuple[str, Callable[[Profile, Profile], Iterator[str]]], ...] = (
        ("Кого и как различают", _classifications),
        ("Этапы", _stages),
        ("Роли", _roles),
        ("Обязанности и сроки", _duties),
        ("Планы", _plans),
        ("Исходы приёма сведений", lambda a, b: _choices(a, b, "intake_outcomes")),
        ("Исходы закрытия", lambda a, b: _choices(a, b, "closing_outcomes")),
        ("Основания замены куратора", lambda a, b: _choices(a, b, "replacement_grounds")),
        (
            "Принципы",
            lambda a, b: _titles(a, b, [one.title for one in a.principles], [one.title for one in b.principles]),
        ),
        ("Календарь и пояс", _calendar),
    )
    found = (Difference(title, tuple(lines(first, second))) for title, lines in parts)
    return [one for one in found if one.lines]


def _classifications(first: Profile, second: Profile) -> Iterator[str]:
    ours, theirs = ([_classification(one) for one in profile.classifications] for profile in (first, second))
    if ours != theirs:
        yield f"{first.id}: {'; '.join(ours) or 'нет'}"
        yield f"{second.id}: {'; '.join(theirs) or 'нет'}"


def _classification(one: Classification) -> str:
    count = len(one.values)
    scope = {"family": "для семьи", "child": "по каждому ребёнку", "both": "для семьи и по каждому ребёнку"}[one.scope]
    values = ", ".join(value.title for value in one.values)
    return f"{one.title} — {count} {plural(count, 'значение', 'значения', 'значений')} {scope} ({values})"


def _stages(first: Profile, second: Profile) -> Iterator[str]:
    ours, theirs = ([stage.title for stage in profile.stages] for profile in (first, second))
    if len(ours) != len(theirs):
        yield f"{first.id} — {_counted(ours)}, {second.id} — {_counted(theirs)}"
    yield from _titles(first, second, ours, theirs)


def _counted(stages: Sequence[str]) -> str:
    return f"{len(stages)} {plural(len(stages), 'этап', 'этапа', 'этапов')}"


def _roles(first: Profile, second: Profile) -> Iterator[str]:
    ours, theirs = ({role.id: role for role in profile.roles} for profile in (first, second))
    for name in ours.keys() & theirs.keys():
        if ours[name].title != theirs[name].title:
            yield f"«{name}»: {first.id} — {ours[name].title}, {second.id} — {theirs[name].title}"
    yield from _same_word_for_others(first, second)
    yield from _titles(first, second, *(_only(one, other) for one, other in ((ours, theirs), (theirs, ours))))


def _same_word_for_others(first: Profile, second: Profile) -> Iterator[str]:
    """Return words that mean one role here and another one there, such as «координатор»."""
    words = {word: role for role in second.roles for word in _words(role)}
    for role in first.roles:
        for word in _words(role):
            other = words.get(word)
            if (
                other
                and other.id != role.id
                and not any(one.id == role.id and word in _words(one) for one in second.roles)
            ):
                yield f"слово «{word}»: {first.id} — {role.title}, {second.id} — {other.title}"


def _words(role: Role) -> set[str]:
    return {word.casefold() for word in (role.title, *role.also)}


def _only(ours: dict[str, Role], theirs: dict[str, Role]) -> list[str]:
    return [role.title for name, role in ours.items() if name not in theirs]


def _duties(first: Profile, second: Profile) -> Iterator[str]:
    """Yield what has a term or a period in one of the two first, then the steps without one."""
    pairs, ours, theirs = pairs_of(first, second)
    timed: list[str] = []
    undated: list[str] = []
    for one, other in pairs:
        mine, their = _term(first, one), _term(second, other)
        if mine != their:
            lines = timed if _is_timed(one) or _is_timed(other) else undated
            lines.append(f"{_named(one, other)}: {first.id} — {mine}; {second.id} — {their}")
    for profile, left in ((first, ours), (second, theirs)):
        for rule in left:
            (timed if _is_timed(rule) else undated).append(
                f"только {profile.id}: {rule.title} — {_term(profile, rule)}"
            )
    yield from timed
    yield from undated


def _is_timed(rule: Rule) -> bool:
    return bool(rule.within or rule.every)


def _named(one: Rule, other: Rule) -> str:
    return one.title if one.title == other.title else f"{one.title} / {other.title}"


def _term(profile: Profile, rule: Rule) -> str:
    owner = next(role.title for role in profile.roles if role.id == rule.owner)
    return f"{term_of(rule)} {beginning_of(profile, rule)}, {owner}"


def _plans(first: Profile, second: Profile) -> Iterator[str]:
    ours, theirs = ([_plan(profile, plan) for plan in profile.plans] for profile in (first, second))
    if ours != theirs:
        yield f"{first.id}: {'; '.join(ours) or 'нет'}"
        yield f"{second.id}: {'; '.join(theirs) or 'нет'}"


def _plan(profile: Profile, plan: Plan) -> str:
    roles = {role.id: role.title for role in profile.roles}
    chain = " → ".join(f"{roles[step.role]} {step.act}" for step in plan.approval)
    return f"{plan.title} ({plan_term(plan.term)}{'; ' if chain else ''}{chain})"


def _choices(first: Profile, second: Profile, part: str) -> Iterator[str]:
    ours, theirs = (getattr(profile, part) for profile in (first, second))
    yield from _titles(first, second, _choice_titles(ours), _choice_titles(theirs))


def _choice_titles(choices: Iterable[Choice]) -> list[str]:
    return [one.title for one in choices]


def _titles(first: Profile, second: Profile, ours: Sequence[str], theirs: Sequence[str]) -> Iterator[str]:
    for profile, here, there in ((first, ours, theirs), (second, theirs, ours)):
        only = [title for title in here if title not in there]
        if only:
            yield f"только {profile.id}: {'; '.join(only)}"


def _calendar(first: Profile, second: Profile) -> Iterator[str]:
    if first.calendar != second.calendar:
        yield f"слои календаря: {first.id} — {', '.join(first.calendar)}; {second.id} — {', '.join(second.calendar)}"
    if first.zone != second.zone:
        yield f"часовой пояс: {first.id} — {first.zone}; {second.id} — {second.zone}"
