"""Pages of a check as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from curator_app import htmx
from curator_app.auth.access import own_today, reader
from curator_app.auth.models import Organisation
from curator_app.desk.case_access import Opened
from curator_app.desk.case_sections import steps
from curator_app.desk.check_access import ASK, ORDER, reads_answers, signal_of
from curator_app.desk.check_section import check
from curator_app.extensions import db
from curator_app.intake.check_forms import InquiryForm, OrderForm
from curator_app.intake.check_models import Inquiry
from curator_app.intake.duplicates import alike, sought_by
from curator_app.intake.inquiries import LINK_OUTLIVES, inquiries_of
from curator_app.intake.investigating import earlier_of
from curator_app.intake.journal import outcome_words
from curator_app.intake.models import Signal
from curator_app.intake.orders import orders_of
from curator_app.subjects.reasons import duties_of

Errors = dict[str, list[str]]
USUAL_TERM = timedelta(days=5)
"""What a new question or order is offered as its term; whoever writes it changes it."""


def check_html(opened: Opened) -> str:
    """Render what a check has gathered."""
    session, subject = db.session(), opened.subject
    signal = signal_of(opened)
    # Who is only one of its group reads its papers here, and not the page of what was told.
    seen = Signal.visible_to(reader().person, own_today()).where(Signal.id == signal.id)
    named = signal.family_id is not None or not signal.is_open or "intake" not in opened.hats
    return render(
        "check/show.html",
        opened,
        signal=signal,
        earlier=earlier_of(session, signal, reader().person, opened.on),
        is_told="intake" in opened.hats,
        known=[] if named else alike(session, sought_by(signal)),
        outcome_words=outcome_words,
        opens_signal=session.scalars(seen).first() is not None,
        duties=duties_of(session, subject, opened.on),
        steps=steps(session, opened),
        papers=check(session, opened),
    )


def inquiries_html(opened: Opened, form: InquiryForm, errors: Errors | None = None) -> str:
    """Render what bodies were asked, the silent first."""
    form.due_on.data = form.due_on.data or opened.on + USUAL_TERM
    return render(
        "check/inquiries.html",
        opened,
        rows=inquiries_of(db.session(), opened.subject),
        form=form,
        errors=errors or form.sentences(),
        asks=bool(opened.hats & ASK),
        reads=reads_answers(opened),
    )


def link_html(opened: Opened, row: Inquiry, address: str) -> str:
    """Render a one-time link, shown this once."""
    return render("check/link.html", opened, row=row, address=address, last=max(row.due_on, opened.on) + LINK_OUTLIVES)


def orders_html(opened: Opened, form: OrderForm, errors: Errors | None = None) -> str:
    """Render what the commission ordered, what is owed first."""
    form.due_on.data = form.due_on.data or opened.on + USUAL_TERM
    return render(
        "check/orders.html",
        opened,
        rows=orders_of(db.session(), opened.subject),
        form=form,
        errors=errors or form.sentences(),
        orders=bool(opened.hats & ORDER),
    )


def bodies_of(opened: Opened) -> Sequence[Organisation]:
    """Return the organisations of the subject's territory."""
    query = select(Organisation).where(Organisation.territory_id == opened.subject.territory_id)
    return db.session.scalars(query.order_by(Organisation.name)).all()


def render(template: str, opened: Opened, **context: object) -> str:
    """Render a page of a subject's check."""
    subject = opened.subject
    signal = subject.kind == "signal"
    return htmx.page(
        template,
        person=reader().person,
        office=True,
        subject=subject,
        hats=opened.hats,
        today=opened.on,
        zone=subject.territory.zone,
        back_to=f"/signals/{subject.id}/check" if signal else f"/cases/{subject.id}",
        **context,
    )
