"""The form of a case for a family that is not known yet: the family, then the commission's paper and who carries it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from wtforms import Form, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional, ValidationError

from curator_app import texts
from curator_app.auth.models import Territory
from curator_app.cases.curators import seats
from curator_app.cases.opening import OF_AGE, Resolution
from curator_app.cases.stepping import wrong_day
from curator_app.desk.people_forms import LINE, TEXT, long, said_day, stripped
from curator_app.families.models import FamilyMember
from curator_app.intake.about import NewChild, NewFamily
from curator_app.intake.duplicates import Sought
from curator_app.office_forms import DeskDay, DeskForm
from curator_app.visits.fields import NumberedFields

ROWS, MOST_ROWS = 2, 20


def _line(*, needed: bool = False) -> StringField:
    first = DataRequired(texts.text("steps.wrong_needed")) if needed else Optional()
    return StringField(filters=[stripped], validators=[first, long(LINE)])


def _area() -> TextAreaField:
    return TextAreaField(filters=[stripped], validators=[long(TEXT)])


class ChildForm(Form):
    """One child; a row in which nothing was written is none."""

    name = _line()
    born_on = DeskDay(validators=[Optional()])


class NewCaseForm(DeskForm):
    """A family that nobody told of, and the resolution about its children."""

    key = StringField()
    """The id of the family that will be: what is posted twice makes one."""
    territory = SelectField(validate_choice=False)
    surname = _line(needed=True)
    address = _line()
    phone = _line()
    children = NumberedFields(FormField(ChildForm))
    adults = _area()
    number = _line(needed=True)
    on = DeskDay(validators=[said_day()])
    wording = _area()
    curator = SelectField(validate_choice=False)

    def offer(self, session: Session, territories: Sequence[Territory], on: date) -> None:
        """Say which districts and which curators may be chosen; the only district is taken for granted."""
        self.places = {str(one.id): one for one in territories}
        self.territory.choices = [(key, one.name) for key, one in self.places.items()]
        if len(territories) == 1:
            self.territory.data = str(territories[0].id)
        self.today = on
        self.seats = {key: seats(session, one.id, on) for key, one in self.places.items()}
        free = {seat.key: seat.words for found in self.seats.values() for seat in found}
        self.curator.choices = [("", texts.text("opening.later")), *free.items()]

    def validate_territory(self, field: SelectField) -> None:
        """Refuse a district that is not the reader's."""
        if field.data not in self.places:
            raise ValidationError(texts.text("steps.wrong_choice"))

    def validate_on(self, field: DeskDay) -> None:
        """Refuse a day that has not come, or was too long ago."""
        if field.data and (wrong := wrong_day(field.data, self.today)):
            raise ValidationError(wrong)

    def validate_curator(self, field: SelectField) -> None:
        """Refuse somebody who does not work in the chosen district."""
        if field.data and field.data not in {seat.key for seat in self.seats.get(self.territory.data, ())}:
            raise ValidationError(texts.text("opening.not_there"))

    def troubles(self) -> dict[str, list[str]]:
        """Return what does not hold, by the posted name of its field; empty where all of it does."""
        self.validate()
        found = {name: lines for name, lines in self.sentences().items() if name != "children"}
        for entry in self.children:
            row = entry.form
            found |= {row[name].name: [str(one) for one in lines] for name, lines in row.errors.items() if name}
            if row.born_on.data and row.born_on.data > self.today:
                found[row.born_on.name] = [texts.text("opening.born_ahead")]
            elif row.born_on.data and not row.name.data:
                found[row["name"].name] = [texts.text("opening.unnamed")]
        named = [entry.form for entry in self.children if entry.form["name"].data]
        if not named or len(self.children) > MOST_ROWS:
            found.setdefault("children", [texts.text("opening.no_name")])
        elif not any(self._is_young(row.born_on.data) for row in named):
            found.setdefault("children", [texts.text("opening.of_age")])
        return found

    def more(self) -> None:
        """Give one child more to be named."""
        if len(self.children) < MOST_ROWS:
            self.children.append_entry()

    def family_id(self) -> uuid.UUID | None:
        """Return the id that the page was given; None for what is none."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return None

    def card(self) -> NewFamily:
        """Return the family; call it after troubles() were none."""
        rows = enumerate(entry.form for entry in self.children)
        children = [NewChild(n, row["name"].data, row.born_on.data) for n, row in rows if row["name"].data]
        return NewFamily(self.surname.data or "", self.address.data or "", children, self._adults())

    def paper(self) -> Resolution:
        """Return the commission's resolution."""
        return Resolution(self.number.data or "", self.on.data, self.wording.data or "")

    def sought(self) -> Sought:
        """Return by what the family may be known already: who is called by a first name has the family's surname."""
        surname, card = self.surname.data or "", self.card()
        names = [f"{surname} {child.name}" for child in card.children]
        adults = ", ".join(f"{surname} {name}" for name in card.adults)
        return Sought(uuid.UUID(self.territory.data), names, adults, card.address, self.phone.data or "")

    def _adults(self) -> list[str]:
        lines: list[Any] = (self.adults.data or "").splitlines()
        return [" ".join(line.split())[:LINE] for line in lines if line.strip()]

    def _is_young(self, born_on: date | None) -> bool:
        return (FamilyMember(born_on=born_on).age(self.today) or 0) < OF_AGE
