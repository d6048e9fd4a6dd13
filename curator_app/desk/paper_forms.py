"""What a desk posts about a case's papers: copies on their way, social services."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from curator_app import texts
from curator_app.auth.models import Organisation
from curator_app.cases.copies import Addressed
from curator_app.cases.services import Line
from curator_app.desk.people_forms import LINE, TEXT, known, long, said_day, stripped
from curator_app.office_forms import DeskDay, DeskForm

ROWS = 6
"""Rows of a services programme that a page offers at once."""
COLUMNS = ("what", "volume", "term", "provider")


class CopiesForm(DeskForm):
    """Copies of one paper that went out together."""

    paper = SelectField(validate_choice=False)
    on = DeskDay(validators=[said_day()])
    to = SelectMultipleField(validate_choice=False)
    others = TextAreaField(filters=[stripped], validators=[long(TEXT)])
    way = SelectField(validate_choice=False)
    number = StringField(filters=[stripped], validators=[long(LINE)])

    def offer(self, papers: Iterable[str], places: Iterable[Organisation]) -> None:
        """Say what may be sent, to whom, and how."""
        self.paper.choices = [(name, texts.text(f"copies.{name}")) for name in papers]
        self.to.choices = [(str(one.id), one.name) for one in places]
        self.way.choices = list(texts.tables()["copies"]["ways"].items())

    def validate_paper(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        known(field)

    def validate_way(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        known(field)

    def validate_to(self, field: SelectMultipleField) -> None:
        """Refuse who was not offered."""
        if not set(field.data or ()) <= {value for value, _words in field.choices or ()}:
            raise ValidationError(texts.text("steps.wrong_choice"))

    def answers(self) -> dict[str, Any]:
        """Return what a step takes: one line an addressee."""
        names, way, number = dict(self.to.choices or ()), str(self.way.data), self.number.data or ""
        lines = [Addressed(names[value], uuid.UUID(value), way, number) for value in self.to.data or ()]
        more = [line.strip() for line in (self.others.data or "").splitlines() if line.strip()]
        return {"copies": [*lines, *(Addressed(line[:LINE], None, way, number) for line in more)]}


class ArrivedForm(DeskForm):
    """When a copy came to its addressee, and who took it."""

    received_on = DeskDay(validators=[said_day()])
    received_by = StringField(filters=[stripped], validators=[long(LINE)])


class NeedForm(DeskForm):
    """The family is recognised as needing social services."""

    on = DeskDay(validators=[said_day()])
    number = StringField(filters=[stripped], validators=[long(LINE)])


class ServicesForm(DeskForm):
    """A programme of social services; its lines are read apart, column by column."""

    on = DeskDay(validators=[said_day()])
    number = StringField(filters=[stripped], validators=[long(LINE)])
    since = DeskDay(validators=[said_day()])
    until = DeskDay(validators=[said_day()])
    what = StringField(validators=[Length(max=TEXT)])


def service_rows(posted: MultiDict[str, str]) -> list[dict[str, str]]:
    """Return the rows of a programme as they were posted, and empty ones to go on."""
    columns = {name: [value.strip()[:LINE] for value in posted.getlist(name)][: 5 * ROWS] for name in COLUMNS}
    count = max(len(values) for values in columns.values())
    rows = [{name: (values[n] if n < len(values) else "") for name, values in columns.items()} for n in range(count)]
    written = [row for row in rows if any(row.values())]
    return written + [dict.fromkeys(COLUMNS, "")] * max(2, ROWS - len(written))


def service_lines(posted: MultiDict[str, str]) -> list[Line]:
    """Return the services that were written down."""
    return [Line(**row) for row in service_rows(posted) if row["what"]]
