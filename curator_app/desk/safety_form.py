"""The forms of first measures, a safety plan, an adult's agreement, and the decision that it ends."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from wtforms import Form, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional

from curator_app import texts
from curator_app.cases.safety import Ending, NewMeasure, NewPlan
from curator_app.cases.safety_models import LATER, SafetyPlan
from curator_app.families.models import FamilyMember
from curator_app.office_forms import DeskDay, DeskForm
from curator_app.visits.fields import NumberedFields

ROWS = 3
MOST_ROWS = 20
LINE_CHARS, TEXT_CHARS = 300, 2000
UNNAMED = "other"
"""The choice of a child that stands in no list: a signal's family is not known yet."""
ROW = ("threat", "measure", "who", "until_on")


def _said(name: str, **values: object) -> str:
    return texts.text(f"steps.{name}", **values)


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _line(*, needed: bool = False, most: int = LINE_CHARS, long: bool = False) -> Any:
    first = DataRequired(_said("wrong_needed")) if needed else Optional()
    kind = TextAreaField if long else StringField
    return kind(filters=[_stripped], validators=[first, Length(max=most, message=_said("wrong_long", n=most))])


class WordsField(SelectField):
    """One of the answers that the texts hold."""

    def __init__(self, group: str, *, needed: bool = True, **kwargs: Any) -> None:
        """Take the table of answers in texts/safety.toml."""
        words = texts.tables()["safety"][group]
        known = AnyOf(list(words), message=_said("wrong_choice"))
        first = InputRequired(_said("wrong_none")) if needed else Optional()
        super().__init__(validate_choice=False, validators=[first, known], **kwargs)
        # Nothing is answered until somebody answers it.
        self.choices = [*([("", _said("choose"))] if needed else []), *words.items()]


class MeasureForm(Form):
    """One row; whether it is whole the plan's form asks, since an empty row is none."""

    threat = _line()
    measure = _line()
    who = _line()
    until_on = DeskDay(validators=[Optional()])
    agreed = WordsField("agreements", needed=False, default=LATER)

    @property
    def is_empty(self) -> bool:
        """Tell a row in which nothing was written."""
        return not any(self[name].data for name in ROW)

    def said(self) -> NewMeasure:
        """Return the row as plain data; call it after the form was found whole."""
        words = {name: self[name].data for name in ROW}
        return NewMeasure(**words, agreed=self.agreed.data or LATER)


class PlanForm(DeskForm):
    """What protects one child from now on."""

    on = DeskDay(validators=[InputRequired(_said("wrong_day"))])
    child = SelectField(validate_choice=False, validators=[InputRequired(_said("wrong_none"))])
    child_name = _line()
    place = WordsField("places")
    place_words = _line()
    place_address = _line()
    with_whom = _line(needed=True)
    child_knows = _line(most=TEXT_CHARS, long=True)
    review_on = DeskDay(validators=[Optional()])
    measures = NumberedFields(FormField(MeasureForm))

    def offer(self, children: list[FamilyMember]) -> None:
        """Say which children there are; where none is known, one is named in words."""
        known = [(str(one.id), one.name) for one in children]
        self.child.choices = [("", _said("choose")), *known] if known else [(UNNAMED, UNNAMED)]

    def troubles(self) -> dict[str, list[str]]:
        """Return what does not hold, by the posted name of its field; empty where all of it does."""
        self.validate()
        found = {name: lines for name, lines in self.sentences().items() if name != "measures"}
        if self.child.data and self.child.data not in dict(self.child.choices or []):
            found["child"] = [_said("wrong_choice")]
        for entry in self.measures:
            row = entry.form
            found |= {row[name].name: [str(one) for one in lines] for name, lines in row.errors.items() if name}
            if not row.is_empty and not all(row[name].data for name in ROW):
                found.setdefault(row["threat"].name, [texts.text("safety.row_unfinished")])
            elif row.until_on.data and self.on.data and row.until_on.data < self.on.data:
                found.setdefault(row["until_on"].name, [texts.text("safety.until_before")])
        return found

    def said(self) -> NewPlan:
        """Return the plan as plain data; call it after troubles() were none."""
        named = ("place", "place_words", "place_address", "with_whom", "child_knows", "child_name")
        words: dict[str, Any] = {name: self[name].data or "" for name in named}
        known = None if self.child.data == UNNAMED else uuid.UUID(self.child.data)
        return NewPlan(
            child_id=known,
            review_on=self.review_on.data,
            measures=[entry.form.said() for entry in self.measures if not entry.form.is_empty],
            **words,
        )


class EndForm(DeskForm):
    """A named person's decision that it ends."""

    on = DeskDay(validators=[InputRequired(_said("wrong_day"))])
    reason = SelectField(validate_choice=False, validators=[InputRequired(_said("wrong_none"))])
    words = _line(needed=True, most=TEXT_CHARS, long=True)
    decided_by = _line(needed=True)

    def offer(self) -> None:
        """Say why it may end; that a newer one replaced it nobody says by hand."""
        words = {key: label for key, label in texts.tables()["safety"]["reasons"].items() if key != "replaced"}
        self.reason.choices = [("", _said("choose")), *words.items()]
        self.reason.validators = [*self.reason.validators, AnyOf(list(words), message=_said("wrong_choice"))]

    def said(self, plan: SafetyPlan) -> Ending:
        """Return the decision as plain data; call it after validate() was true."""
        return Ending(plan.id, self.reason.data, self.words.data or "", self.decided_by.data or "")


class AgreeForm(DeskForm):
    """How an adult agreed after all."""

    on = DeskDay(validators=[InputRequired(_said("wrong_day"))])
    agreed = WordsField("agreements")


def rows_of(plan: SafetyPlan, on: date) -> list[dict[str, Any]]:
    """Return the measures of a plan as the form shows them again; a day that has passed is asked anew."""
    return [
        {
            "threat": row.threat,
            "measure": row.measure,
            "who": row.who,
            "until_on": row.until_on if row.until_on >= on else None,
            "agreed": row.agreed,
        }
        for row in plan.measures
    ]
