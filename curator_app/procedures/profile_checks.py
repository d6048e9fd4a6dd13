"""What no single field shows: whether the parts of a profile hold together. One Russian sentence a fault."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator
from zoneinfo import available_timezones

from curator_app.procedures.calendar import COUNTRY, layer_names
from curator_app.procedures.faults import NAMING
from curator_app.procedures.forms_loader import released as released_form
from curator_app.procedures.profile_definition import ApprovalStep, Entry, Part, Profile, Rule, Stage
from curator_app.procedures.vocabulary import types_of

Faults = Iterator[str]
DECISION = "risk_decided"


def faults_of(profile: Profile) -> list[str]:
    """Return every fault, as «place: what is wrong»."""
    checks: tuple[Callable[[Profile], Faults], ...] = (
        _head,
        _repeats,
        _sources,
        _people,
        _stages,
        _events,
        _terms,
        _conditions,
    )
    return [fault for check in checks for fault in check(profile)]


def parts_of(part: Part, before: str = "") -> Iterator[tuple[str, Part]]:
    """Walk through what stands in lists: («duties «ipr_draft»», the rule), whole before its parts."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if not isinstance(value, tuple):
            continue
        for index, inner in enumerate(value):
            if isinstance(inner, Part):
                place = f"{before}{name} {_called(inner, index)}"
                yield place, inner
                yield from parts_of(inner, f"{place}, ")


def _called(part: Part, index: int) -> str:
    names = [str(getattr(part, name)) for name in NAMING if hasattr(part, name)]
    return f"«{names[0]}»" if names else f"[запись {index + 1}]"


def _head(profile: Profile) -> Faults:
    if profile.zone not in available_timezones():
        yield f"zone: часового пояса «{profile.zone}» нет; пишется как Asia/Novosibirsk"
    for name in profile.calendar:
        if name not in layer_names():
            yield f"calendar: слоя календаря «{name}» нет; есть: {', '.join(layer_names())}"
    if profile.calendar[:1] != (COUNTRY,):
        yield f"calendar: первым стоит общий слой «{COUNTRY}»"
    for name, form in profile.forms.items():
        if not released_form(form):
            yield f"forms.{name}: выпуска формы «{form}» нет"


def _repeats(profile: Profile) -> Faults:
    seen: set[str] = set()
    for place, part in parts_of(profile):
        # Steps, escalations and examples are told apart by what stands in them, not by a name.
        named = hasattr(part, "id") or hasattr(part, "type")
        if named and place in seen:
            yield f"{place}: такое имя уже стоит выше, у каждой записи оно своё"
        seen.add(place)


def _sources(profile: Profile) -> Faults:
    documents = [one.id for one in profile.documents]
    for place, part in parts_of(profile):
        if not isinstance(part, Entry):
            continue
        if part.source is None and not (part.territory_choice or part.unsaid):
            yield f"{place}: нет ни source с цитатой, ни отметки territory_choice или unsaid"
        named = part.source.doc if part.source else ""
        if named and named not in documents:
            yield f"{place}, source.doc: документа «{named}» нет среди documents{_near(named, documents)}"


def _people(profile: Profile) -> Faults:
    roles = [one.id for one in profile.roles]
    duties = [one.id for one in profile.duties]
    named: list[tuple[str, str]] = []
    for place, part in parts_of(profile):
        if isinstance(part, Rule):
            named += [(f"{place}, owner", part.owner), *_roles(place, "participants", part.participants)]
        elif isinstance(part, Stage):
            named += [*_roles(place, "actors", part.actors), *_roles(place, "participants", part.participants)]
        elif isinstance(part, ApprovalStep):
            named.append((f"{place}, role", part.role))
    named += [(f"escalations «{one.to}», to", one.to) for one in profile.escalations]
    for place, role in named:
        if role not in roles:
            yield f"{place}: роли «{role}» нет среди roles{_near(role, roles)}"
    for one in profile.escalations:
        for duty in one.duties:
            if duty not in duties:
                yield f"escalations «{one.to}», duties: обязанности «{duty}» нет среди duties{_near(duty, duties)}"


def _roles(place: str, field: str, roles: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((f"{place}, {field}", role) for role in roles)


def _stages(profile: Profile) -> Faults:
    stages = [one.id for one in profile.stages]
    for rule in profile.duties:
        if rule.stage and rule.stage not in stages:
            yield f"duties «{rule.id}», stage: этапа «{rule.stage}» нет среди stages{_near(rule.stage, stages)}"


def _events(profile: Profile) -> Faults:
    known = types_of(profile)
    for place, field, type_, kind in _events_named(profile):
        if type_ not in known:
            yield (
                f"{place}, {field}: события «{type_}» нет ни в словаре, ни в events этого файла"
                f"{_near(type_, known)}; словарь показывает flask rules events"
            )
        elif kind and kind not in known[type_].kinds:
            whose = ", ".join(known[type_].kinds)
            yield f"{place}, {field}: событие «{type_}» бывает у {whose}, а subject здесь — {kind}"


def _events_named(profile: Profile) -> Iterator[tuple[str, str, str, str]]:
    """Return (place, field, event type, kind of subject or "") of every mention."""
    for place, part in parts_of(profile):
        if isinstance(part, Rule):
            for field in ("after", "done_by", "until"):
                yield from ((place, field, one, part.subject) for one in getattr(part, field))
        elif isinstance(part, Stage):
            for field in ("begins_with", "ends_with"):
                yield from ((place, field, one, "") for one in getattr(part, field))
        elif isinstance(part, ApprovalStep):
            yield place, "event", part.event, ""


def _terms(profile: Profile) -> Faults:
    for rule in profile.duties:
        place = f"duties «{rule.id}»"
        if rule.within and rule.every:
            yield f"{place}: стоят и within, и every; срок или период, но не оба"
        if rule.target and (rule.within or rule.every):
            yield f"{place}: target ставят там, где документ не называет срока, а здесь он назван"
        if rule.frequency and rule.within:
            yield f"{place}: frequency = true не бывает у обязанности с within: частота — у того, что повторяется"
        if rule.every and rule.every.mode != "rolling" and (rule.every.n != 1 or rule.every.unit != "month"):
            yield f"{place}, every: при {rule.every.mode} период — один месяц или квартал, n и unit не пишут"


def _conditions(profile: Profile) -> Faults:
    known = {one.id: [value.id for value in one.values] for one in profile.classifications}
    for rule in profile.duties:
        for key in rule.when.keys() - known.keys():
            yield f"duties «{rule.id}», when: классификации «{key}» нет среди classifications{_near(key, known)}"
        for field, key, value in _decided(rule):
            if key in known and value not in known[key]:
                place = f"duties «{rule.id}», {field}.{key}"
                yield f"{place}: значения «{value}» нет; есть: {', '.join(known[key])}"


def _decided(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Return (field, classification, value) wherever a rule speaks of what was decided."""
    asked = [("when", rule.when)]
    asked += [("after_data", rule.after_data)] if DECISION in rule.after else []
    asked += [("done_data", rule.done_data)] if DECISION in rule.done_by else []
    for field, conditions in asked:
        for key, values in conditions.items():
            yield from ((field, key, value) for value in values)


def _near(name: str, known: Collection[str] | Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; похоже на «{close[0]}»" if close else ""
