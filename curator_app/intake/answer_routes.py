"""The page that a one-time link opens: a body answers a question, without an account. After the answer it is over."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from curator_app import htmx
from curator_app.audit.service import record
from curator_app.extensions import db
from curator_app.intake.check_forms import AnswerForm
from curator_app.intake.check_models import Inquiry
from curator_app.intake.inquiries import Answer, answer_by_link, by_token

blueprint = Blueprint("answers", __name__)


@blueprint.get("/answers/<token>")
def show(token: str) -> str:
    """Show the question to whoever has the link."""
    row = by_token(db.session(), token)
    html = _page(row, token, AnswerForm(formdata=None))
    # Who reads is not known, that it was read is.
    record(db.session(), "inquiry:opened", family_id=row.subject.family_id, object_id=row.id)
    db.session.commit()
    return html


@blueprint.post("/answers/<token>")
def give(token: str) -> Any:
    """Keep the answer; the link opens nothing any more."""
    row, form = by_token(db.session(), token), AnswerForm()
    if not form.validate():
        return _page(row, token, form), 422
    answer_by_link(db.session(), token, Answer(form.said_by.data or "", form.words.data or ""))
    db.session.commit()
    return htmx.full_page("check/answered.html")


def _page(row: Inquiry, token: str, form: AnswerForm) -> str:
    return htmx.full_page("check/answer.html", row=row, token=token, form=form, errors=form.sentences())
