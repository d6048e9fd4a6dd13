"""Forms of the family's own channel."""

from __future__ import annotations

import uuid

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from curator_app import texts
from curator_app.cases.channel import Asked

MAX_WORDS = 2000
MAX_CONTACT = 120


class RequestForm(FlaskForm):
    """What a family asks for. The token is checked for the whole application."""

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    id = HiddenField()
    kind = RadioField(validate_choice=False)
    words = TextAreaField()
    contact = StringField(validators=[Length(max=MAX_CONTACT)])

    def validate_kind(self, field: RadioField) -> None:
        """Ask for the one thing that is needed."""
        if field.data not in texts.tables()["channel"]["kinds"]:
            raise ValidationError(texts.text("channel.page.kind_empty"))

    def validate_words(self, field: TextAreaField) -> None:
        """Refuse more than a page."""
        if len(field.data or "") > MAX_WORDS:
            raise ValidationError(texts.text("channel.page.words_long", n=MAX_WORDS))

    def asked(self) -> Asked | None:
        """Return what was said; None for an id that no page of ours made. Call it after validate()."""
        try:
            key = uuid.UUID(self.id.data or "")
        except ValueError:
            return None
        return Asked(key, str(self.kind.data), (self.words.data or "").strip(), (self.contact.data or "").strip())


class AnswerForm(FlaskForm):
    """What is answered to a family."""

    class Meta:
        """Flask-WTF settings."""

        csrf = False

    answer = TextAreaField(
        filters=[lambda words: (words or "").strip()],
        validators=[DataRequired(texts.text("channel.answer_empty")), Length(max=MAX_WORDS)],
    )
