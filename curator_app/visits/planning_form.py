"""What is said to plan a visit: a day, perhaps an hour, and why a day that stood gives way; posted, or unsealed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Regexp, ValidationError

from curator_app import texts
from curator_app.visits.fields import TextField, UuidField, sentence
from curator_app.visits.planning import AHEAD, Asked

WORD = 300
FIELDS = ("on", "time", "reason", "word")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass
class PlanForm:
    """The posted values, and what is wrong with them by field."""

    values: dict[str, str]
    today: date
    moves: bool
    """Whether another day stands already: then a reason is asked for."""
    errors: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, posted: Mapping[str, str], today: date, *, moves: bool) -> PlanForm:
        """Read a post."""
        said = {name: (posted.get(name) or "").strip() for name in (*FIELDS, "other_on")}
        return cls(said | {"on": said["other_on"] or said["on"]}, today, moves)

    def validate(self) -> Asked | None:
        """Return what is asked for, or None with `errors` filled."""
        on = self._day()
        reasons = texts.tables()["planning"]["reasons"]
        if self.values["time"] and not _HOUR.fullmatch(self.values["time"]):
            self._wrong("time", "hour_unknown")
        if self.moves and self.values["reason"] not in reasons:
            self._wrong("reason", "reason_needed")
        elif self.moves and self.values["reason"] == "other" and not self.values["word"]:
            self._wrong("word", "word_needed")
        if len(self.values["word"]) > WORD:
            self._wrong("word", "word_long")
        if on is None or self.errors:
            return None
        return Asked(on, self.values["time"], self.values["reason"], self.values["word"])

    def _day(self) -> date | None:
        try:
            on = date.fromisoformat(self.values["on"])
        except ValueError:
            self._wrong("on", "day_needed")
            return None
        if on < self.today:
            self._wrong("on", "day_passed")
        elif on > self.today + AHEAD:
            self._wrong("on", "day_far")
        return on

    def _wrong(self, name: str, why: str) -> None:
        self.errors.setdefault(name, []).append(texts.text(f"planning.wrong.{why}"))


PLAN_FORM = "plan@1"
NO_DAY, OTHER_DAY = "none", "other"
DAY = timedelta(days=1)


class PhonePlanForm(FlaskForm):
    """The same as a phone seals it. It may come days later, so that a day that has passed since is no mistake."""

    class Meta:
        """Flask-WTF settings: an envelope has no token and needs none."""

        csrf = False

    id = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    family = UuidField(validators=[InputRequired(sentence("answer_unknown"))])
    on = StringField()
    other_on = StringField()
    time = StringField(validators=[Regexp(rf"({_HOUR.pattern})?\Z")])
    reason = StringField()
    word = TextField(WORD)
    form_version = StringField()

    said_on = date.max
    """The day on which it was written, in the district: set before it is checked."""

    def validate_on(self, _field: object) -> None:
        """Refuse what is no day, or none that one plans on that day; that there shall be none is an answer too."""
        if self.on.data == NO_DAY:
            return
        on = self.day()
        if on is None:
            raise ValidationError(texts.text("planning.wrong.day_needed"))
        # A page left open over midnight still offers the day before.
        if not self.said_on - DAY <= on <= self.said_on + AHEAD + DAY:
            raise ValidationError(texts.text("planning.wrong.day_far"))

    def day(self) -> date | None:
        """Return the day, None where there is to be none."""
        try:
            return date.fromisoformat(self.other_on.data if self.on.data == OTHER_DAY else self.on.data)
        except (ValueError, TypeError):
            return None

    def asked(self, said_at: datetime) -> Asked:
        """Return what is asked for; a reason that this server does not know is none."""
        known = self.reason.data in texts.tables()["planning"]["reasons"]
        return Asked(
            self.day() or self.said_on,
            self.time.data or "",
            self.reason.data if known else "",
            self.word.data or "",
            self.id.data,
            said_at,
        )
