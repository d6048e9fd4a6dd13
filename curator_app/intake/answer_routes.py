"""The page that a one-time link opens: a body answers a question, without an account. After the answer it is over.

The link's secret stands behind the «#», which no browser sends and no log has; a form posts it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from curator_app import htmx, texts
from curator_app.audit.service import record
from curator_app.cases.stepping import StepRefused
from curator_app.errors import Gone
from curator_app.extensions import db
from curator_app.intake.check_forms import AnswerForm
from curator_app.intake.check_models import Inquiry
from curator_app.intake.inquiries import Answer, answer_by_link, by_token

blueprint = Blueprint("answers", __name__)

LONGEST = 300
"""Of what is typed for a code: the whole address may be pasted."""


@blueprint.get("/answers")
def show() -> str:
    """Ask for the code; the script posts what the link brought."""
    return htmx.full_page("check/answer_code.html", wrong="", kept="")


@blueprint.post("/answers")
def enter() -> Any:
    """Show the question to whoever has the code."""
    code = _code()
    try:
        row = by_token(db.session(), code)
    except Gone:
        return _no_question()
    html = _page(row, code, AnswerForm(formdata=None))
    # Who reads is not known, that it was read is.
    record(db.session(), "inquiry:opened", family_id=row.subject.family_id, object_id=row.id)
    db.session.commit()
    return html


@blueprint.post("/answers/given")
def give() -> Any:
    """Keep the answer; the link opens nothing any more. What is refused stays on the page as it was typed."""
    code, form = _code(), AnswerForm()
    try:
        row = by_token(db.session(), code)
        if not form.validate():
            return _page(row, code, form), 422
        answer_by_link(db.session(), code, Answer(form.said_by.data or "", form.words.data or ""))
    except Gone:
        db.session.rollback()
        return _no_question(form.words.data or "")
    except StepRefused as refusal:
        db.session.rollback()
        return _page(by_token(db.session(), code), code, form, refusal.sentence), 422
    db.session.commit()
    return htmx.full_page("check/answered.html")


def _code() -> str:
    return request.form.get("code", "")[:LONGEST].rpartition("#")[2].strip()


def _no_question(kept: str = "") -> Any:
    """Say that the code opens nothing, without a word of the question; what was typed may be copied."""
    wrong = texts.text("checking.answer.code_wrong")
    return htmx.full_page("check/answer_code.html", wrong=wrong, kept=kept), 410


def _page(row: Inquiry, code: str, form: AnswerForm, refusal: str = "") -> str:
    errors = form.sentences()
    return htmx.full_page("check/answer.html", row=row, code=code, form=form, errors=errors, refusal=refusal)
