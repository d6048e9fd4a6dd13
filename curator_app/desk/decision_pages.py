"""The page of a decision as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request

from curator_app import texts
from curator_app.auth.access import reader
from curator_app.cases.stepping import ground_of
from curator_app.cases.steps import step_for
from curator_app.desk.case_access import Opened
from curator_app.desk.check_access import DECIDE, signal_of
from curator_app.desk.check_pages import Errors, render
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.intake.about import candidates
from curator_app.intake.check_forms import LevelForm, OutcomeForm
from curator_app.intake.deciding import decision_of, levels_of, owners_in
from curator_app.intake.findings import signs_of
from curator_app.intake.models import Signal
from curator_app.office_forms import DeskForm
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profiles_loader import load_profile


def level_form(opened: Opened, *, posted: bool = False) -> LevelForm:
    """Return the form of a level, as posted or with what is usual."""
    given = {"on": opened.on, "decided_by": reader().person.name}
    form = LevelForm() if posted else LevelForm(formdata=None, data=given)
    named = [(str(index), _name(child, index)) for index, child in enumerate(signal_of(opened).children)]
    form.child.choices = [("", texts.text("checking.decision.whole_family")), *named]
    return form


def outcome_form(opened: Opened, *, posted: bool = False) -> OutcomeForm:
    """Return the form of an outcome, as posted or with what the signal tells."""
    signal = signal_of(opened)
    form = OutcomeForm() if posted else OutcomeForm(formdata=None, data=_told(opened, signal))
    families = [(str(one.id), _known_as(one)) for one in _families(opened, signal)]
    form.family.choices = [("", texts.text("checking.decision.new_family")), *families]
    owners = [(str(who.id), f"{who.name}, {place.name}") for who, place in owners_in(db.session(), signal, opened.on)]
    form.owner.choices = [("", texts.text("checking.decision.owner_none")), *owners]
    return form


def decision_html(
    opened: Opened,
    level: LevelForm,
    outcome: OutcomeForm,
    errors: Errors | None = None,
    *,
    values: Mapping[str, str] | None = None,
) -> str:
    """Render what stands side by side and the two acts of deciding."""
    session, signal = db.session(), signal_of(opened)
    ground, step = ground_of(session, opened.subject), step_for("risk_decided", "signal")
    signs = signs_of(session, opened.subject)
    return render(
        "check/decision.html",
        opened,
        signal=signal,
        profile=ground.profile,
        critical=[one for one in signs if one.item.critical],
        other=[one for one in signs if not one.item.critical],
        criteria=_criteria(ground.profile),
        levels=levels_of(ground),
        knows_level=step is not None and ground.knows("risk_decided", step),
        decision=decision_of(session, signal),
        is_told=tells_outcome(opened, signal),
        decides=bool(opened.hats & DECIDE) and signal.is_open,
        level=level,
        outcome=outcome,
        posted=request.form,
        values=values or {},
        errors=errors or _sentences(level, outcome),
        titles=titles_of(ground.profile),
    )


def tells_outcome(opened: Opened, signal: Signal) -> bool:
    """Tell whether this reader may know what came of it: that it is early help is for its owner and the intake."""
    leads_to = signal.leads_to
    return leads_to is None or leads_to.kind != "early_help" or "intake" in opened.hats


def titles_of(profile: Profile) -> dict[str, str]:
    """Return the words of every value of the profile's classifications and of every outcome."""
    values = {value.id: value.title for kind in profile.classifications for value in kind.values}
    return values | {one.id: one.title for one in profile.intake_outcomes}


def posted_day(name: str) -> date | None:
    """Return a posted day; None for what is none."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


def _criteria(profile: Profile) -> dict[str, list[Any]]:
    """Return the profile's criteria for and against opening."""
    found: dict[str, list[Any]] = {"open_case": [], "do_not_open_case": []}
    for one in load_profile(profile.key).checklists:
        if one.purpose in found:
            found[one.purpose].append(one)
    return found


def _families(opened: Opened, signal: Signal) -> list[Any]:
    """Return whom the signal may be about: who only looks alike is the intake's to know."""
    if signal.family is not None:
        return [signal.family]
    return list(candidates(db.session(), signal)) if "intake" in opened.hats else []


def _told(opened: Opened, signal: Signal) -> dict[str, Any]:
    first = str(signal.children[0].get("name", "")) if signal.children else ""
    return {
        "on": opened.on,
        "decided_by": reader().person.name,
        # «мальчик» is no surname: one is told with a name beside it.
        "surname": first.split()[0] if len(first.split()) > 1 else "",
        "address": signal.address,
        "adults": signal.adults,
        "family": str(signal.family_id or ""),
    }


def _name(child: Mapping[str, str], index: int) -> str:
    return child.get("name") or texts.text("checking.instruments.child", n=index + 1)


def _sentences(*forms: DeskForm) -> Errors:
    found: Errors = {}
    for form in forms:
        found |= form.sentences()
    return found


def _known_as(family: Family) -> str:
    """Name a family as intake may know it: where a hidden one lives is not among it."""
    return ", ".join(filter(None, (family.surname, "" if family.address_hidden else family.settlement)))
