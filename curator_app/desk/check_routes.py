"""The check of a signal at a desk: what stands, questions to bodies, orders of the commission."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from flask import Blueprint, current_app, redirect, request

from curator_app.audit.service import note_reading
from curator_app.auth.access import reader, signed_in
from curator_app.cases.stepping import StepRefused
from curator_app.desk import check_pages as pages
from curator_app.desk.case_access import Opened
from curator_app.desk.check_access import ASK, ORDER, READ, open_check, open_row
from curator_app.errors import Refused
from curator_app.extensions import db
from curator_app.intake import inquiries, orders
from curator_app.intake.check_forms import AnswerForm, InquiryForm, OrderForm, ReturnForm, sentences
from curator_app.intake.check_models import Inquiry, Order

blueprint = Blueprint("check", __name__)
Asked = TypeVar("Asked", InquiryForm, OrderForm)


@blueprint.get("/signals/<uuid:subject_id>/check")
@signed_in
def show(subject_id: uuid.UUID) -> str:
    """Show everything a check has gathered, and what may be done next."""
    opened = open_check(subject_id, READ, "signal")
    html = pages.check_html(opened)
    _read("check:read", opened)
    return html


@blueprint.get("/subjects/<uuid:subject_id>/inquiries")
@signed_in
def questions(subject_id: uuid.UUID) -> str:
    """Show what bodies were asked, and offer to ask."""
    opened = open_check(subject_id, ASK)
    html = pages.inquiries_html(opened, _form(InquiryForm, opened))
    _read("inquiries:read", opened)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/inquiries")
@signed_in
def ask(subject_id: uuid.UUID) -> Any:
    """Ask a body, and show the one-time link."""
    opened = open_check(subject_id, ASK)
    form = _form(InquiryForm, opened)
    if not form.validate():
        return pages.inquiries_html(opened, form), 422
    asking = inquiries.Asking(form.addressee.data or "", form.question.data or "", form.due_on.data, form.body_id)
    try:
        row, token = inquiries.ask(db.session(), opened.subject, asking, reader())
    except Refused as refusal:
        return _refused(opened.subject.id, ASK, pages.inquiries_html, form, refusal)
    return _link_page(opened, row, token)


@blueprint.post("/inquiries/<uuid:inquiry_id>/link")
@signed_in
def link(inquiry_id: uuid.UUID) -> Any:
    """Make another link for a question that waits; the old one opens nothing any more."""
    row, opened = open_row(Inquiry, inquiry_id, ASK)
    try:
        token = inquiries.link_anew(db.session(), row, reader())
    except Refused as refusal:
        return _refused(opened.subject.id, ASK, pages.inquiries_html, _form(InquiryForm, opened), refusal)
    return _link_page(opened, row, token)


@blueprint.post("/inquiries/<uuid:inquiry_id>/answer")
@signed_in
def write_in(inquiry_id: uuid.UUID) -> Any:
    """Write down an answer that came on paper or by telephone."""
    row, opened = open_row(Inquiry, inquiry_id, ASK)
    form = AnswerForm()
    if not form.validate():
        return pages.inquiries_html(opened, _form(InquiryForm, opened, posted=False), form.sentences()), 422
    try:
        answer = inquiries.Answer(form.said_by.data or "", form.words.data or "")
        inquiries.write_in(db.session(), row, answer, reader())
    except Refused as refusal:
        return _refused(opened.subject.id, ASK, pages.inquiries_html, _form(InquiryForm, opened, posted=False), refusal)
    db.session.commit()
    return redirect(f"/subjects/{opened.subject.id}/inquiries", 303)


@blueprint.get("/subjects/<uuid:subject_id>/orders")
@signed_in
def given(subject_id: uuid.UUID) -> str:
    """Show what the commission ordered, and offer to order."""
    opened = open_check(subject_id, READ)
    html = pages.orders_html(opened, _form(OrderForm, opened))
    _read("orders:read", opened)
    return html


@blueprint.post("/subjects/<uuid:subject_id>/orders")
@signed_in
def give(subject_id: uuid.UUID) -> Any:
    """Give an order to a body."""
    opened = open_check(subject_id, ORDER)
    form = _form(OrderForm, opened)
    if not form.validate():
        return pages.orders_html(opened, form), 422
    ordering = orders.Ordering(
        form.addressee.data or "",
        form.kind.data,
        form.what.data or "",
        form.due_on.data,
        form.number.data or "",
        form.body_id,
    )
    try:
        orders.give(db.session(), opened.subject, ordering, reader())
    except Refused as refusal:
        return _refused(opened.subject.id, ORDER, pages.orders_html, form, refusal)
    db.session.commit()
    return redirect(f"/subjects/{opened.subject.id}/orders", 303)


@blueprint.post("/orders/<uuid:order_id>/returned")
@signed_in
def give_back(order_id: uuid.UUID) -> Any:
    """Write down the act by which a body reports."""
    row, opened = open_row(Order, order_id, ORDER)
    form = ReturnForm()
    if not form.validate():
        return pages.orders_html(opened, _form(OrderForm, opened, posted=False), form.sentences()), 422
    returned = orders.Returned(form.act.data or "", form.returned_on.data, form.act_number.data or "")
    try:
        orders.give_back(db.session(), row, returned, reader())
    except Refused as refusal:
        return _refused(opened.subject.id, ORDER, pages.orders_html, _form(OrderForm, opened, posted=False), refusal)
    db.session.commit()
    return redirect(f"/subjects/{opened.subject.id}/orders", 303)


def _form(kind: type[Asked], opened: Opened, *, posted: bool = True) -> Asked:
    """Make the form by which a body is asked or told, with the bodies of the territory to choose from."""
    form = kind() if posted and request.method == "POST" else kind(formdata=None)
    form.offer(pages.bodies_of(opened))
    return form


def _link_page(opened: Opened, row: Inquiry, token: str) -> str:
    address = f"{current_app.config['CURATOR'].public_url}/answers#{token}"
    html = pages.link_html(opened, row, address)
    db.session.commit()
    return html


def _refused(subject_id: uuid.UUID, hats: Any, page: Any, form: Any, refusal: Refused) -> Any:
    """Show the page again with what the verb refused; nothing of it stands."""
    db.session.rollback()
    errors = {"refusal": [refusal.sentence]} if isinstance(refusal, StepRefused) else sentences(refusal)
    return page(open_check(subject_id, hats), form, errors), 422


def _read(act: str, opened: Opened) -> None:
    note_reading(act, reader(), family_id=opened.subject.family_id, object_id=opened.subject.id)
