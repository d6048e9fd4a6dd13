"""Records of the demonstration: visits, contacts, promises and cautions, written through the same forms and verbs.

What is posted here passes the form that a curator posts: the demonstration cannot show what nobody could write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from curator_app.auth.models import Person
from curator_app.cases.models import CaseChild, CaseFile
from curator_app.cases.placement_models import Placement
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.demo.chapters import Chapter
from curator_app.families.models import Caution, Family, FamilyMember
from curator_app.procedures.form_definition import Chip
from curator_app.procedures.forms_loader import load_form
from curator_app.subjects.models import Subject
from curator_app.visits.agreements import Promise
from curator_app.visits.contact_form import contact_form
from curator_app.visits.contacts import Sent, record_contact
from curator_app.visits.forms import visit_form
from curator_app.visits.service import Arrival, next_number, record_visit

BY_RESOLUTION = ("registered", "resolution_adopted")
FORM = "visit@2"
CONTACT_FORM = "contact@1"
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Story:
    """One family's demonstration: who writes about whom, and which day is today."""

    session: Session
    family: Family
    carer: Person | None
    """Whoever works with them: their curator, or who answers for early help; None where nobody was named yet."""
    today: date

    @property
    def curator(self) -> Person:
        """Who wrote a record: without somebody who works with the family there is none."""
        if self.carer is None:
            message = f"{self.family.surname}: nobody works with them"
            raise ValueError(message)
        return self.carer

    def day(self, entry: dict[str, Any]) -> date:
        """Return the day of an entry: `ago` days before today, or `in_days` after it."""
        return self.today + timedelta(days=entry.get("in_days", -entry.get("ago", 0)))

    def member(self, name: str) -> FamilyMember:
        """Return somebody of the family by name."""
        return next(member for member in self.family.members if member.name == name)


def put_visit(story: Story, what: dict[str, Any], promises: list[dict[str, Any]]) -> None:
    """Record a visit or an attempt, with the promises made at it."""
    on = story.day(what)
    said = _heading(story, what, on)
    said += _visited(story, what, on) if what["result"] == "visit" else [("attempt_fact", what.get("fact", ""))]
    ids = [str(uuid7()) for _ in promises]
    for n, (key, promise) in enumerate(zip(ids, promises, strict=True)):
        row = {"id": key, "side": promise["side"], "what": promise["text"], "due": story.day(promise).isoformat()}
        said += [(f"promises-{n}-{name}", value) for name, value in row.items()]
    form = visit_form(MultiDict([pair for pair in said if pair[1]]))
    if not form.validate():
        message = f"{story.family.surname}, {on}: {form.errors}"
        raise ValueError(message)
    number = (on.year, next_number(story.session, on.year))
    arrival = Arrival(author=story.curator, enrolment=None, received_at=now(), phone_at=None, number=number)
    record_visit(story.session, form.answers(), arrival)
    _tell(story, promises)


def put_contact(story: Story, what: dict[str, Any]) -> None:
    """Record a contact beside visits."""
    said = [("id", str(uuid7())), ("family", str(story.family.id)), ("form_version", CONTACT_FORM)]
    said += [("on", story.day(what).isoformat()), *((key, what[key]) for key in ("kind", "with_whom", "summary"))]
    form = contact_form(MultiDict(said))
    if not form.validate():
        message = f"{story.family.surname}: {form.errors}"
        raise ValueError(message)
    sent = Sent(author=story.curator, enrolment=None, received_at=now(), phone_at=None)
    record_contact(story.session, form.answers(), sent)


def put_cover(story: Story, subject: Subject, chapter: Chapter, placed: dict[str, Any] | None) -> None:
    """Give a case or early help its number and its children, each by name, and where they live if not at home."""
    if chapter.kind not in {"case", "early_help"}:
        return
    begun, family = story.day({"ago": chapter.opened_ago}), story.family
    ground = "resolution" if any(one["type"] in BY_RESOLUTION for one in chapter.events) else "decision"
    story.session.add(CaseFile(subject_id=subject.id, number=family.case_no or 1, opened_on=begun, ground=ground))
    for child in family.children:
        row = CaseChild(subject_id=subject.id, member_id=child.id, since_on=begun, until_on=subject.closed_on)
        story.session.add(row)
        if placed:
            row.placement, row.placed_with = placed["kind"], placed["named"]
            given = {"kind": placed["kind"], "named": placed["named"], "rights": "parents"}
            given |= {"since_on": story.day(placed), "author_id": story.curator.id}
            story.session.add(Placement(subject_id=subject.id, family_id=family.id, member_id=child.id, **given))


def put_cautions(story: Story, cautions: list[dict[str, Any]]) -> None:
    """Note what the next visitor should know."""
    for entry in cautions:
        story.session.add(
            Caution(
                family_id=story.family.id,
                kind=entry["kind"],
                text=entry["text"],
                source=entry["source"],
                noted_on=story.today - timedelta(days=entry["ago"]),
                until_on=story.today + timedelta(days=entry["in_days"]),
                author_id=story.curator.id,
            )
        )


def _heading(story: Story, what: dict[str, Any], on: date) -> Pairs:
    return [
        ("id", str(uuid7())),
        ("family", str(story.family.id)),
        ("form_version", FORM),
        ("on", on.isoformat()),
        ("outcome", what["result"]),
        ("started", what.get("started", "")),
        ("ended", what.get("ended", "")),
    ]


def _visited(story: Story, what: dict[str, Any], on: date) -> Pairs:
    """Return what a visit that took place says; change and fact belong to the first chip's section."""
    said: Pairs = [("where", "at_home"), ("planned", what.get("planned", "planned"))]
    said += [("who_home", str(member.id)) for member in story.family.members]
    said += [(name, what.get(name, "")) for name in ("family_words", "family_goal", "good_today")]
    first = ""
    for side in ("strengths", "worries"):
        for item in what.get(side, []):
            section, value = _chip(story, side, item, on)
            first = first or section
            said.append((f"{section}-{side}", value))
    said += [(f"{first}-change", what.get("change", "")), (f"{first}-fact", what.get("fact", ""))]
    for line in what.get("statements", []):
        name = f"living-{line['id']}" + (f"@{story.member(line['child']).id}" if "child" in line else "")
        said += [(name, line["answer"]), (f"{name}-fact", line.get("fact", ""))]
    for words in what.get("child_words", []):
        name = f"child_words@{story.member(words['child']).id}"
        said += [(f"{name}-verbatim", words["verbatim"]), (f"{name}-context", words["context"])]
        said += [(f"{name}-present", one) for one in words["present"]]
    if "next" in what:
        said += [("next_on", story.day(what["next"]).isoformat()), ("next_time", what["next"].get("time", ""))]
    return said


def _chip(story: Story, side: str, item: str, on: date) -> tuple[str, str]:
    """Return the section of a chip and its posted value: about whom it is, its scope and ages decide."""
    for section in load_form(FORM).sections:
        for chip in section.side(side):
            if chip.id == item:
                member = _about(story.family, chip, on)
                return section.id, f"{item}@{member.id}" if member else item
    raise KeyError(item)


def _about(family: Family, chip: Chip, on: date) -> FamilyMember | None:
    if chip.scope == "family":
        return None
    people = family.children if chip.scope == "child" else family.adults
    return next((member for member in people if chip.fits_age(member.age(on))), people[0])


def _tell(story: Story, promises: list[dict[str, Any]]) -> None:
    """Say what has become of the promises since."""
    for entry in promises:
        if entry["state"] == "not_yet":
            continue
        (promise,) = story.session.scalars(
            select(Promise).where(Promise.family_id == story.family.id, Promise.what == entry["text"])
        ).all()
        promise.state = entry["state"]
        promise.closed_on = story.day(entry) if entry["state"] == "kept" else None
