"""The family's card as text, for a route and for the field kit alike."""

from __future__ import annotations

from typing import Any

from flask import current_app

from curator_app import htmx, qr
from curator_app.auth.models import SignIn
from curator_app.cases.channel import card_of, code_of
from curator_app.extensions import db
from curator_app.families.models import Family

PUBLIC_PAGE = "/card"


def card_words(family: Family) -> dict[str, Any] | None:
    """Return what stands on a family's card: its number, the page's address, and both as a picture; None without one.

    The number stands behind the «#»: a camera's link leaves it in the browser, no log has it.
    """
    card = card_of(db.session(), family.id)
    if card is None:
        return None
    config = current_app.config["CURATOR"]
    address = config.public_url.rstrip("/") + PUBLIC_PAGE
    code = code_of(config.secret_key, card)
    if not code:
        return None
    return {"code": code, "address": address.partition("://")[2], "qr": qr.path(f"{address}#{code.replace(' ', '')}")}


def card_html(reader: SignIn, family: Family, *, kit: bool = False) -> str:
    """Render the card of a family, to be shown or printed."""
    render = htmx.fragment if kit else htmx.page
    office = not reader.enrolment.is_field
    return render("channel/card.html", family=family, card=card_words(family), person=reader.person, office=office)
