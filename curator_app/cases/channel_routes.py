"""The page that a family's card opens: no account, no name in the address; the number travels in a form only."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request, session

from curator_app import htmx, texts
from curator_app.cases.channel import Asked, find_card, find_receipt, receipt_of, requests_of, take_request
from curator_app.cases.channel_forms import RequestForm
from curator_app.cases.channel_models import FamilyCard
from curator_app.clock import now
from curator_app.database import uuid7
from curator_app.errors import TooFast
from curator_app.extensions import db

blueprint = Blueprint("card", __name__)

MOST_OWN = 10

OPEN_CARD = "card"
OWN = "card_own"
"""The requests whose words this browser may show: those it sent since the card was opened, and those by receipt."""
OPEN_SECONDS = 30 * 60
"""So long a card stays open in a browser: a family's telephone is often not one person's."""


@blueprint.get("/card")
def show() -> str:
    """Ask for the number, or show what the open card is for."""
    card = _open_card()
    return _page(card) if card else htmx.full_page("channel/enter.html", wrong="", typed="")


@blueprint.post("/card")
def enter() -> Any:
    """Open a card by its number."""
    code = request.form.get("code", "")
    card = find_card(db.session(), code)
    if card is None:
        session.pop(OPEN_CARD, None)
        wrong = texts.text("channel.page.enter_wrong")
        return htmx.full_page("channel/enter.html", wrong=wrong, typed=code[:40]), 422
    session.pop(OWN, None)
    session[OPEN_CARD] = [str(card.id), card.generation, now().timestamp()]
    return redirect("/card", 303)


@blueprint.post("/card/requests")
def ask() -> Any:
    """Take what the family asks for."""
    card = _open_card()
    if card is None:
        return redirect("/card", 303)
    form = RequestForm()
    asked: Asked | None = form.asked() if form.validate() else None
    if asked is None:
        return _page(card, form), 422
    try:
        made = take_request(db.session(), card, asked)
    except TooFast:
        db.session.rollback()
        return _page(card, form, limit=texts.text("channel.page.too_many")), 429
    db.session.commit()
    _is_own(made.id)
    return redirect("/card", 303)


@blueprint.post("/card/receipts")
def receipt() -> Any:
    """Show one request and its answer to who has its receipt: the card alone shows no words, others hold it too."""
    card = _open_card()
    if card is None:
        return redirect("/card", 303)
    found = find_receipt(db.session(), card, request.form.get("receipt", ""))
    if found is None:
        return _page(card, wrong=texts.text("channel.page.receipt_wrong")), 422
    _is_own(found.id)
    return redirect("/card", 303)


@blueprint.post("/card/close")
def close() -> Any:
    """Close the card in this browser."""
    session.pop(OPEN_CARD, None)
    session.pop(OWN, None)
    return redirect("/card", 303)


def _is_own(key: uuid.UUID) -> None:
    """Let this browser show one request's words as long as the card is open in it."""
    session[OWN] = [*(one for one in session.get(OWN, []) if one != str(key)), str(key)][-MOST_OWN:]


def _open_card() -> FamilyCard | None:
    """Return the card that this browser opened a while ago; a number that was replaced since is closed."""
    key, generation, at = session.get(OPEN_CARD) or ("", 0, 0)
    if not key or now().timestamp() - float(at) > OPEN_SECONDS:
        return None
    card = db.session.get(FamilyCard, uuid.UUID(key))
    return card if card is not None and card.generation == generation else None


def _page(card: FamilyCard, form: RequestForm | None = None, limit: str = "", wrong: str = "") -> str:
    zone = card.family.territory.zone
    form = form or RequestForm(formdata=None, id=str(uuid7()))
    rows = requests_of(db.session(), card)
    receipts = {one.id: receipt_of(one) for one in rows if str(one.id) in session.get(OWN, [])}
    shown = {"requests": rows, "receipts": receipts, "zone": zone}
    return htmx.full_page("channel/page.html", form=form, limit=limit, wrong_receipt=wrong, **shown)
