"""What an administrator and a head write about people, organisations and substitutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from curator_app import texts
from curator_app.auth.models import Organisation, Person, Territory
from curator_app.people.service import Details

MAX_CHARS = 200
WORDS_OF_A_NAME = 2
Choices = list[tuple[str, str]]


def said(name: str) -> str:
    """Return what is wrong, as a sentence."""
    return texts.text(f"people.wrong.{name}")


class OfficeForm(FlaskForm):
    """A form of a desk; the request's token is checked for the whole application."""

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    def sentences(self) -> dict[str, list[str]]:
        """Return what is wrong, by field."""
        return {name: [str(one) for one in errors] for name, errors in self.errors.items() if name}


class DayField(DateField):
    """A day; one that cannot be read is said in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read ISO 8601."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(said("day")) from error


class DetailsForm(OfficeForm):
    """Who somebody is."""

    name = StringField(filters=[lambda text: " ".join((text or "").split())], validators=[Length(max=MAX_CHARS)])
    post = StringField(filters=[lambda text: (text or "").strip()], validators=[Length(max=MAX_CHARS)])
    phone = StringField(filters=[lambda text: (text or "").strip()], validators=[Length(max=MAX_CHARS)])

    def validate_name(self, field: StringField) -> None:
        """Ask for a surname and a first name at least."""
        if len((field.data or "").split()) < WORDS_OF_A_NAME:
            raise ValidationError(said("name"))

    def details(self) -> Details:
        """Return what was written; call it after validate() was true."""
        return Details(self.name.data or "", self.post.data or "", self.phone.data or "")


class TermForm(OfficeForm):
    """A role in an organisation, with dates."""

    organisation = SelectField(validate_choice=False)
    role = SelectField(validate_choice=False)
    since = DayField(validators=[InputRequired(said("day"))])
    until = DayField(validators=[Optional()])

    def offer(self, organisations: Iterable[Organisation], roles: Iterable[str]) -> None:
        """Say what may be chosen."""
        self.organisation.choices = [(str(one.id), one.name) for one in organisations]
        self.role.choices = [(role, texts.text(f"people.roles.{role}")) for role in roles]

    def validate_organisation(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        _chosen(field, "organisation")

    def validate_role(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        _chosen(field, "role")

    def validate_until(self, field: DayField) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(said("until"))


class PersonForm(DetailsForm, TermForm):
    """A new account with its first role."""


class EndForm(OfficeForm):
    """The last day of a role."""

    until = DayField(validators=[InputRequired(said("day"))])


class OrganisationForm(OfficeForm):
    """An organisation."""

    name = StringField(
        filters=[lambda text: " ".join((text or "").split())],
        validators=[DataRequired(said("organisation_name")), Length(max=MAX_CHARS)],
    )
    kind = SelectField(validate_choice=False)
    territory = SelectField(validate_choice=False)

    def offer(self, territories: Iterable[Territory]) -> None:
        """Say what may be chosen."""
        self.kind.choices = list(texts.tables()["people"]["organisation_kinds"].items())
        self.territory.choices = [(str(one.id), one.name) for one in territories]

    def validate_kind(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        _chosen(field, "kind")

    def validate_territory(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        _chosen(field, "territory")


class TerritoryForm(OfficeForm):
    """How a territory works. Whom «Срочно» calls there is read apart: number-<role>, name-<role>."""

    name = StringField(
        filters=[lambda text: " ".join((text or "").split())],
        validators=[DataRequired(said("territory_name")), Length(max=MAX_CHARS)],
    )
    zone = SelectField(validate_choice=False)
    procedure = SelectField(validate_choice=False)
    photos = SelectField(validate_choice=False)
    public_signals = SelectField(validate_choice=False)
    unconfirmed_months = SelectField(validate_choice=False)
    kept_years = SelectField(validate_choice=False)

    def offer(self, zones: Choices, procedures: Choices) -> None:
        """Say what may be chosen."""
        self.zone.choices, self.procedure.choices = zones, procedures
        words = texts.tables()
        self.photos.choices = list(words["territories"]["photos"].items())
        self.public_signals.choices = list(words["signals"]["settings"]["page"].items())
        self.unconfirmed_months.choices = list(words["signals"]["settings"]["months"].items())
        self.kept_years.choices = list(words["course"]["retention"]["years"].items())

    def validate_zone(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        _chosen(field, "zone")

    def validate_procedure(self, field: SelectField) -> None:
        """Refuse what was not offered, and that nothing was chosen."""
        if not field.data:
            raise ValidationError(said("no_procedure"))
        _chosen(field, "procedure")

    def validate_public_signals(self, field: SelectField) -> None:
        """Refuse what was not offered; what is not asked stays as it is."""
        if field.data:
            _chosen(field, "public_signals")

    def validate_unconfirmed_months(self, field: SelectField) -> None:
        """Refuse what was not offered; what is not asked stays as it is."""
        if field.data:
            _chosen(field, "unconfirmed_months")

    def validate_kept_years(self, field: SelectField) -> None:
        """Refuse what was not offered; what is not asked stays as it is."""
        if field.data:
            _chosen(field, "kept_years")

    def validate_photos(self, field: SelectField) -> None:
        """Refuse what was not offered."""
        _chosen(field, "photos")


class StandInForm(OfficeForm):
    """Who stands in, and for which days."""

    person = SelectField(validate_choice=False)
    since = DayField(validators=[InputRequired(said("day"))])
    until = DayField(validators=[InputRequired(said("day"))])

    def offer(self, people: Iterable[Person]) -> None:
        """Say who may be chosen."""
        self.person.choices = [(str(one.id), one.name) for one in people]

    def validate_person(self, field: SelectField) -> None:
        """Refuse who was not offered."""
        _chosen(field, "person")

    def validate_until(self, field: DayField) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(said("until"))

    def not_before(self, day: date) -> bool:
        """Tell whether it begins on that day or later; what has passed is not arranged any more."""
        if self.since.data and self.since.data < day:
            self.since.errors = [said("since_passed")]
            return False
        return True


def _chosen(field: SelectField, name: str) -> None:
    if field.data not in [value for value, _label in field.choices or []]:
        raise ValidationError(said(name))
