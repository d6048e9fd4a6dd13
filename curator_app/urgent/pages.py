"""«Срочно», «Вернусь на связь» and the duty person's pages as text: the same for a route and for the field kit."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import select

from curator_app import htmx, texts
from curator_app.auth.models import SignIn
from curator_app.cases.hats import hats_of
from curator_app.cases.steps import step_for
from curator_app.clock import now, today
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.presentation import age_words
from curator_app.subjects.models import Assignment, Subject
from curator_app.urgent import content, duty, past
from curator_app.urgent.episode import addressees
from curator_app.urgent.models import Alarm, CheckIn

SMS_TO = ("role_duty_head", "role_head")
SMS = ("sms_call_back", "sms_no_signal", "sms_need_people")
_SLOT = re.compile(r"\{(\w+)\}")
_CASE = re.compile(r",? случай № \{case_no\}")


@dataclass(frozen=True)
class Wrong:
    """What did not hold of one part of an emergency (notices, done, close): sentences by field, and what was typed."""

    part: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sms:
    """A message ready to be sent: to whom, its words, and the address that opens it."""

    to: content.Callee
    text: str

    @property
    def address(self) -> str:
        """What follows `sms:`; `?&body=` is read by Android and by iOS."""
        return f"{self.to.dialled}?&body={quote(self.text)}"


def urgent_html(reader: SignIn, family: Family, *, kit: bool = False) -> str:
    """Render «Срочно» of one family: whom to call, what to say, what to write down."""
    directory = family.territory.directory
    callees = content.callees(directory)
    near = content.places(directory, family.settlement)
    return _render(
        "urgent/page.html",
        reader,
        kit=kit,
        family=family,
        callees=callees,
        script=[_parts(line["text"], _known(reader, family)) for line in _script(family)],
        messages=_messages(callees, family),
        near=_near(near),
        **_words(),
    )


def check_in_html(reader: SignIn, *, kit: bool = False) -> str:
    """Render «Вернусь на связь»: one's own families and the hours to choose from."""
    on = zone_today(reader)
    current = (Assignment.since_on <= on) & (Assignment.until_on.is_(None) | (Assignment.until_on >= on))
    mine = select(Subject.family_id).join(Assignment).where(current, Assignment.person_id == reader.person_id)
    families = db.session.scalars(select(Family).where(Family.id.in_(mine)).order_by(Family.surname)).all()
    territory = reader.person.roles[0].organisation.territory if reader.person.roles else None
    callees = content.callees(territory.directory if territory else {})
    to_duty = [one for one in callees if one.id in SMS_TO]
    return _render("urgent/check_in.html", reader, kit=kit, families=families, callees=to_duty, **_words())


def duty_html(reader: SignIn) -> str:
    """Render the duty person's screen."""
    return _render("urgent/duty.html", reader, kit=False, **_duty(reader))


def duty_list_html(reader: SignIn) -> str:
    """Render its lists alone, for the page that watches them."""
    office = not reader.enrolment.is_field
    return htmx.fragment("urgent/_duty_lists.html", office=office, person=reader.person, **_duty(reader))


def alarms_html(reader: SignIn, shown: str, after: uuid.UUID | None) -> str:
    """Render every alarm that one answers or answered, narrowed, a page of them."""
    page = past.alarms(db.session(), reader.person, zone_today(reader), shown, after)
    return _render(
        "urgent/alarms.html", reader, kit=False, page=page, shown=shown, later=after is not None, **_labels()
    )


def check_ins_html(reader: SignIn, shown: str, after: uuid.UUID | None) -> str:
    """Render every check-in that one looks after, narrowed, a page of them."""
    page = past.check_ins(db.session(), reader.person, zone_today(reader), shown, after)
    return _render(
        "urgent/check_ins.html", reader, kit=False, page=page, shown=shown, later=after is not None, **_labels()
    )


def alarm_html(
    reader: SignIn,
    alarm: Alarm,
    *,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
    wrong: Wrong | None = None,
) -> str:
    """Render one alarm for who answers it; `wrong` is what did not hold of what was written about its emergency."""
    said = {"errors": errors or {}, "values": values or {}, "wrong_part": wrong or Wrong()}
    return _render("urgent/alarm.html", reader, kit=False, **said, **_alarm(reader, alarm), **_episode(reader, alarm))


def alarm_state_html(reader: SignIn, alarm: Alarm) -> str:
    """Render what changes while an alarm's page is open."""
    return htmx.fragment("urgent/_alarm_state.html", office=not reader.enrolment.is_field, **_alarm(reader, alarm))


def answer_html(alarm: Alarm) -> str:
    """Render what its author's phone shows of an alarm: who answered, when and what."""
    words = content.content()["confirmation"]
    return htmx.fragment("urgent/_answer.html", alarm=alarm, words=words, labels=content.labels(), zone=_zone(alarm))


def zone_today(reader: SignIn) -> date:
    """Return today where the person works."""
    roles = reader.person.roles
    return today(roles[0].organisation.territory.zone if roles else "Europe/Moscow")


def _duty(reader: SignIn) -> dict[str, Any]:
    return {"board": duty.board(db.session(), reader.person, zone_today(reader)), **_labels()}


def _labels() -> dict[str, Any]:
    return {"words": content.content(), "labels": content.labels(), "duty_steps": _duty_steps}


def _duty_steps(check_in: CheckIn) -> list[str]:
    """Return what to do about somebody who did not come back; a place that nobody wrote down is left out."""
    family = check_in.family
    near = content.places(family.territory.directory, family.settlement) if family else {}
    lines = (texts.filled(line, **near) for line in content.content()["check_in"]["duty_steps"])
    return [line for line in lines if not _SLOT.search(line)]


def _alarm(reader: SignIn, alarm: Alarm) -> dict[str, Any]:
    family = alarm.family
    on = zone_today(reader)
    may_read = family is not None and duty.may_read_address(db.session(), reader.person, family, on)
    return {
        "alarm": alarm,
        "family": family,
        "address": family.address if family and may_read else "",
        "near": _near(content.places(family.territory.directory, family.settlement)) if family else [],
        "on": on,
        "version": duty.alarm_version(alarm),
        "zone": _zone(alarm),
        "words": content.content(),
        "labels": content.labels(),
        "facts_words": {field["id"]: field["label"] for field in content.step("step_facts")["fields"]},
    }


def _episode(reader: SignIn, alarm: Alarm) -> dict[str, Any]:
    """Return what the emergency's part of the page shows."""
    subject = db.session.get_one(Subject, alarm.subject_id)
    step = step_for("first_measures_set", subject.kind)
    hats = hats_of(db.session(), reader.person, subject, zone_today(reader))
    return {
        "bodies": addressees(db.session(), alarm),
        "ways": content.ways(),
        "sets_measures": step is not None and bool(hats & set(step.by)),
        "moment_now": now().astimezone(ZoneInfo(_zone(alarm))).strftime("%Y-%m-%dT%H:%M"),
    }


def _zone(alarm: Alarm) -> str:
    return alarm.organisation.territory.zone


def _words() -> dict[str, Any]:
    return {
        "words": content.content(),
        "steps": {one["id"].removeprefix("step_"): one for one in content.content()["steps"]},
        "version": content.VERSION,
    }


def _script(family: Family) -> list[dict[str, str]]:
    """Return the lines to be read out; one that would speak of a hidden address is left out."""
    lines = content.content()["voice_script"]["lines"]
    return [line for line in lines if not (line["id"] == "say_where" and family.address_hidden)]


def _known(reader: SignIn, family: Family) -> dict[str, str]:
    on = today(family.territory.zone)
    roles = reader.person.roles
    children = family.children
    return {
        "worker_name": reader.person.name,
        "worker_post": reader.person.post,
        "organisation": roles[0].organisation.name if roles else "",
        "address": family.address,
        "landmark": str(family.door.get("road", "")),
        "children_count": str(len(children)),
        "children_ages": ", ".join(filter(None, (age_words(child, on) for child in children))),
        "my_phone": reader.person.phone,
    }


def _parts(line: str, known: dict[str, str]) -> list[tuple[str, str]]:
    """Cut a line of the script into (text, "") and ("", slot): what is not known yet stays a slot for the phone."""
    pieces = _SLOT.split(line)
    parts = []
    for n, piece in enumerate(pieces):
        if n % 2 == 0 or known.get(piece):
            parts.append((known.get(piece, piece) if n % 2 else piece, ""))
        else:
            parts.append(("", piece))
    return parts


def _messages(callees: list[content.Callee], family: Family) -> list[Sms]:
    words = {one["id"]: one["text"] for one in content.content()["sms"]["templates"]}
    found = []
    for callee in callees:
        if callee.id in SMS_TO and callee.is_mobile:
            kinds = SMS if callee.id == SMS_TO[0] else SMS[:1]
            found += [Sms(callee, _without_names(words[kind], family.case_no)) for kind in kinds]
    return found


def _without_names(template: str, case_no: int | None) -> str:
    """Return an SMS: a case has a number, a family without a case has none; neither has a name."""
    return texts.filled(template, case_no=case_no) if case_no else _CASE.sub("", template)


def _near(places: dict[str, str]) -> list[tuple[str, str]]:
    """Return what to do without a signal; a place that nobody wrote down is left out."""
    found = []
    for option in content.content()["no_signal"]["options"]:
        hint = texts.filled(option["hint"], **places)
        if not _SLOT.search(hint):
            found.append((option["label"], hint))
    return found


def _render(template: str, reader: SignIn, *, kit: bool, **context: object) -> str:
    office = not reader.enrolment.is_field
    render = htmx.fragment if kit else htmx.page
    # Whose alarm one answers is not always whose family one may call about: the foot's «Срочно» asks again.
    own = "family" in context and "alarm" not in context
    return render(template, person=reader.person, office=office, raw=own, **context)
