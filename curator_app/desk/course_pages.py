"""What the pages of a case's course share: who opens them, one form on a page, a step taken with what follows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from curator_app import htmx, texts
from curator_app.audit.service import record
from curator_app.auth.access import reader
from curator_app.cases.stepping import Actor, StepRefused, ground_of, hindrance, take_step, whose
from curator_app.cases.steps import step_for
from curator_app.desk.case_access import Opened, open_subject
from curator_app.desk.effects import EFFECTS
from curator_app.errors import NotVisible, Refused
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.office_forms import DeskForm

Errors = Mapping[str, list[str]]


@dataclass(frozen=True)
class Opening:
    """A subject of a family in the hands of one reader, with the family."""

    opened: Opened
    family: Family

    @property
    def own(self) -> str:
        """Return the address of the subject's page."""
        return f"/cases/{self.opened.subject.id}"

    @property
    def raw(self) -> bool:
        """Tell whether the raw layer is open."""
        return "raw" in self.opened.layers


def opening_of(subject_id: uuid.UUID, *kinds: str, raw: bool = False) -> Opening:
    """Return a family's subject that the reader may open; raise NotVisible, also where the raw layer is closed."""
    opened = open_subject(subject_id, *(kinds or ("case",)))
    family = db.session.get(Family, opened.subject.family_id) if opened.subject.family_id else None
    if family is None or (raw and "raw" not in opened.layers):
        raise NotVisible
    return Opening(opened, family)


def why_not(opening: Opening, event: str) -> str:
    """Return why this reader cannot take a step now; empty where they can."""
    step = step_for(event, opening.opened.subject.kind)
    ground = ground_of(db.session(), opening.opened.subject)
    if step is None or not ground.knows(event, step):
        return texts.text("steps.not_in_procedure", procedure=ground.profile.short_title)
    if not opening.opened.hats & set(step.by):
        return texts.text("steps.who", who=whose(step.by))
    return hindrance(ground, event, step)


def take(opening: Opening, event: str, answers: Mapping[str, Any], on: date) -> None:
    """Take a step and write down who did; the caller commits. Raises StepRefused and Refused."""
    by, subject = reader(), opening.opened.subject
    actor = Actor(by.person, by.enrolment)
    taken = take_step(db.session(), subject, event, answers, on=on, by=actor, effects=EFFECTS)
    marks = {"person_id": by.person_id, "enrolment_id": by.enrolment_id, "family_id": subject.family_id}
    record(db.session(), "step:taken", **marks, object_id=taken.id, data={"type": event})


def said(refusal: Refused) -> dict[str, list[str]]:
    """Return what is wrong, by field: a step's own sentence, or ours for a code."""
    if isinstance(refusal, StepRefused):
        return {name: [sentence] for name, sentence in refusal.fields.items()}
    return {name: [texts.text(f"course.wrong.{code}")] for name, code in refusal.fields.items()}


@dataclass(frozen=True)
class Asking:
    """A page that asks one thing."""

    title: str
    here: str
    """Its own address, to which the form is posted."""
    back: tuple[str, str]
    """Address and name of what stands before it; one is led there when it is written down."""
    intro: str = ""
    hindered: str = ""
    """Why there is nothing to write now: no form then."""
    facts: Sequence[tuple[str, str]] = ()
    save: str = ""


def ask(form: DeskForm, page: Asking, refusal: Refused | None = None) -> str:
    """Render a page with one form, with what is wrong beside its field."""
    errors = form.sentences() | (said(refusal) if refusal else {})
    sentence = refusal.sentence if isinstance(refusal, StepRefused) and not refusal.fields else ""
    person = reader().person
    return htmx.page(
        "cases/course/form.html", person=person, office=True, form=form, page=page, errors=errors, refusal=sentence
    )
