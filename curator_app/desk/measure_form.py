"""First measures and a safety plan as a phone writes them: the desk's own form, and whose children it is about."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from curator_app import texts
from curator_app.cases.safety import KIND_OF_EVENT, NewPlan
from curator_app.desk.safety_form import MOST_ROWS, PlanForm
from curator_app.visits.fields import UuidField, sentence

MEASURE_FORM = "measure@1"
PHONE_ROWS = 3


class PhonePlanForm(PlanForm):
    """What protects one child from now on, written where there is no network. An envelope has no token."""

    id = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    family = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    kind = RadioField(choices=list(KIND_OF_EVENT.values()), validators=[InputRequired(sentence("answer_unknown"))])
    form_version = StringField()

    def troubles(self) -> dict[str, list[str]]:
        """Return what does not hold; more rows than a desk writes do not."""
        found = super().troubles()
        return (
            found | {"measures": [texts.text("steps.wrong_long", n=MOST_ROWS)]}
            if len(self.measures) > MOST_ROWS
            else found
        )

    def said(self) -> NewPlan:
        """Return the plan under the id that the phone gave it."""
        plan = super().said()
        return NewPlan(**{name: getattr(plan, name) for name in NewPlan.__slots__} | {"id": self.id.data})


def measure_form(posted: MultiDict[str, str]) -> PhonePlanForm:
    """Make the form from what came; `offer` the children before it is asked for its troubles."""
    return PhonePlanForm(posted)
