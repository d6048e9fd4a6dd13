"""What the forms of a desk share: the application checks one token for all of them, and our words say what is wrong."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField

from curator_app import texts


class DeskForm(FlaskForm):
    """A form of a desk; the request's token is checked for the whole application."""

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    def sentences(self) -> dict[str, list[str]]:
        """Return what is wrong, by field."""
        return {name: [str(one) for one in errors] for name, errors in self.errors.items() if name}


class DeskDay(DateField):
    """A day in ISO 8601; one that cannot be read is said in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what the browser sends."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(texts.text("steps.wrong_day")) from error
