"""What somebody and a territory choose of reminders."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import Length, ValidationError

from curator_app.office_forms import DeskForm
from curator_app.reminders.rhythm import YEAR_DAYS, Rhythm
from curator_app.texts import tables, text

MOST_EMAIL = 200
MOST_DAYS = 5
MOST_MINUTES, MOST_NORM = 60, 200
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def said(name: str) -> str:
    """Return what is wrong, as a sentence."""
    return text(f"reminder_settings.wrong.{name}")


def _stripped(value: str | None) -> str:
    return (value or "").strip()


class EmailForm(DeskForm):
    """Where letters shall go."""

    email = StringField(filters=[_stripped], validators=[Length(max=MOST_EMAIL)])

    def validate_email(self, field: StringField) -> None:
        """Refuse what is no address."""
        if not _EMAIL.fullmatch(field.data or ""):
            raise ValidationError(said("email"))


class CodeForm(DeskForm):
    """The code that came by letter; spaces in it are nobody's mistake."""

    code = StringField(filters=[lambda value: re.sub(r"\s", "", value or "")])

    def validate_code(self, field: StringField) -> None:
        """Refuse what is no code."""
        if not re.fullmatch(r"[0-9]{6}", field.data or ""):
            raise ValidationError(said("code_form"))


class RhythmForm(DeskForm):
    """How a territory reminds: what is left empty is the usual."""

    visit_days = StringField(filters=[_stripped])
    duty_days = StringField(filters=[_stripped])
    short_days = StringField(filters=[_stripped])
    quiet_from = StringField(filters=[_stripped])
    quiet_to = StringField(filters=[_stripped])
    morning = StringField(filters=[_stripped])
    names_in_mail = SelectField(validate_choice=False)
    alarm_minutes = StringField(filters=[_stripped])
    cases_norm = StringField(filters=[_stripped])
    late_to_head_days = StringField(filters=[_stripped])
    offers_support = SelectField(validate_choice=False)

    def offer(self) -> None:
        """Say what may be chosen."""
        self.names_in_mail.choices = list(tables()["reminder_settings"]["names"].items())
        self.offers_support.choices = list(tables()["reminder_settings"]["support"].items())

    @classmethod
    def showing(cls, rhythm: Rhythm) -> RhythmForm:
        """Return the form with a territory's rhythm in it."""
        data = {
            "visit_days": ", ".join(map(str, rhythm.visit_days)),
            "duty_days": ", ".join(map(str, rhythm.duty_days)),
            "short_days": str(rhythm.short_days),
            "quiet_from": rhythm.quiet_from.isoformat("minutes"),
            "quiet_to": rhythm.quiet_to.isoformat("minutes"),
            "morning": rhythm.morning.isoformat("minutes"),
            "names_in_mail": "on" if rhythm.names_in_mail else "off",
            "alarm_minutes": str(rhythm.alarm_minutes),
            "cases_norm": str(rhythm.cases_norm),
            "late_to_head_days": str(rhythm.late_to_head_days),
            "offers_support": "on" if rhythm.offers_support else "off",
        }
        return cls(formdata=None, data=data)

    def validate_visit_days(self, field: StringField) -> None:
        """Refuse what is no list of days."""
        _days(field)

    def validate_duty_days(self, field: StringField) -> None:
        """Refuse what is no list of days."""
        _days(field)

    def validate_short_days(self, field: StringField) -> None:
        """Refuse what is no number of days; 0 makes no duty short."""
        _number(field, 0, YEAR_DAYS)

    def validate_quiet_from(self, field: StringField) -> None:
        """Refuse what is no time."""
        _hour(field)

    def validate_quiet_to(self, field: StringField) -> None:
        """Refuse what is no time."""
        _hour(field)

    def validate_morning(self, field: StringField) -> None:
        """Refuse what is no time, and a morning in the quiet hours: nothing would ever be said."""
        morning = _hour(field)
        try:
            rhythm = Rhythm(
                quiet_from=time.fromisoformat(self.quiet_from.data or ""),
                quiet_to=time.fromisoformat(self.quiet_to.data or ""),
            )
        except ValueError:
            return
        if rhythm.is_quiet(morning):
            raise ValidationError(said("morning_quiet"))

    def validate_alarm_minutes(self, field: StringField) -> None:
        """Refuse a number that would let nobody hear, or nobody rest."""
        _number(field, 1, MOST_MINUTES)

    def validate_cases_norm(self, field: StringField) -> None:
        """Refuse what is no number; 0 is none."""
        _number(field, 0, MOST_NORM)

    def validate_late_to_head_days(self, field: StringField) -> None:
        """Refuse what is no number of days; 0 tells no head."""
        _number(field, 0, YEAR_DAYS)

    def settings(self) -> dict[str, Any]:
        """Return what was chosen, as Territory.reminding keeps it; call it after validate() was true."""
        return {
            "visit_days": _days(self.visit_days),
            "duty_days": _days(self.duty_days),
            "short_days": int(self.short_days.data or 0),
            "quiet_from": self.quiet_from.data,
            "quiet_to": self.quiet_to.data,
            "morning": self.morning.data,
            "names_in_mail": self.names_in_mail.data == "on",
            "alarm_minutes": int(self.alarm_minutes.data or 0),
            "cases_norm": int(self.cases_norm.data or 0),
            "late_to_head_days": int(self.late_to_head_days.data or 0),
            "offers_support": self.offers_support.data == "on",
        }


def _days(field: StringField) -> list[int]:
    parts = [part for part in re.split(r"[\s,;]+", field.data or "") if part]
    if not parts or len(parts) > MOST_DAYS or not all(part.isdigit() and 0 < int(part) <= YEAR_DAYS for part in parts):
        raise ValidationError(said("days"))
    return [int(part) for part in parts]


def _hour(field: StringField) -> time:
    try:
        return time.fromisoformat(field.data or "")
    except ValueError as error:
        raise ValidationError(said("hour")) from error


def _number(field: StringField, least: int, most: int) -> None:
    if not str(field.data).isdigit() or not least <= int(field.data or 0) <= most:
        raise ValidationError(text("reminder_settings.wrong.number", least=least, most=most))
