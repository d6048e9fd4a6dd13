"""The page without an account, where a territory has switched it on: anybody may tell, and nobody has to say who.

It needs no script and keeps nothing in the browser; where from somebody writes is not kept either.
"""

from __future__ import annotations

import uuid
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Blueprint, current_app, render_template, request
from sqlalchemy import select

from curator_app.auth.models import Territory
from curator_app.clock import now, today
from curator_app.config import Config
from curator_app.errors import NotVisible
from curator_app.extensions import db
from curator_app.intake.forms import PublicForm
from curator_app.intake.knocks import knock
from curator_app.intake.models import PUBLIC, Signal
from curator_app.intake.service import Child, Teller, Told, take_signal

blueprint = Blueprint("tell", __name__)


@blueprint.get("/tell")
def index() -> str:
    """Show the territories where one may write."""
    query = select(Territory).where(Territory.public_signals.is_(True)).order_by(Territory.name)
    territories = db.session.scalars(query).all()
    if not territories:
        raise NotVisible
    return render_template("tell/index.html", territories=territories)


@blueprint.get("/tell/<uuid:territory_id>")
def adult(territory_id: uuid.UUID) -> str:
    """Offer the form for grown-ups."""
    return _form_page("tell/adult.html", _open(territory_id), PublicForm(formdata=None))


@blueprint.post("/tell/<uuid:territory_id>")
def from_adult(territory_id: uuid.UUID) -> Any:
    """Take what a grown-up tells."""
    return _take("adult", _open(territory_id))


@blueprint.get("/tell/<uuid:territory_id>/child")
def child(territory_id: uuid.UUID) -> str:
    """Offer the page for children: the helpline first."""
    return _form_page("tell/child.html", _open(territory_id), PublicForm(formdata=None))


@blueprint.post("/tell/<uuid:territory_id>/child")
def from_child(territory_id: uuid.UUID) -> Any:
    """Take what a child tells."""
    return _take("child", _open(territory_id))


def _open(territory_id: uuid.UUID) -> Territory:
    """Return a territory that has switched the page on; any other has none."""
    territory = db.session.get(Territory, territory_id)
    if territory is None or not territory.public_signals:
        raise NotVisible
    return territory


def _take(who: str, territory: Territory) -> Any:
    form = PublicForm()
    if not form.validate():
        return _form_page(f"tell/{who}.html", territory, form), 422
    config: Config = current_app.config["CURATOR"]
    knock(db.session(), territory.id, _whence(), config.secret_key)
    told = _from_child(form, territory) if who == "child" else _from_adult(form, territory)
    signal = take_signal(db.session(), told, None, None)
    code = _code(signal)
    db.session.commit()
    return render_template("tell/done.html", territory=territory, who=who, code=code)


def _from_adult(form: PublicForm, territory: Territory) -> Told:
    teller = Teller(form.name.data, form.contact.data)
    return _told(territory, form, "other", teller, Child(form.child.data) if form.child.data else None)


def _from_child(form: PublicForm, territory: Territory) -> Told:
    """Take the name for the child's own: the way to reach it is intake's alone."""
    named = Child(form.name.data, form.age.data) if form.name.data or form.age.data else None
    return _told(territory, form, "child", Teller(form.name.data, form.contact.data), named)


def _told(territory: Territory, form: PublicForm, source: str, teller: Teller, about: Child | None) -> Told:
    return Told(
        territory_id=territory.id,
        way=PUBLIC,
        source=source,
        facts=form.facts.data,
        known_on=today(territory.zone),
        known_at=now(),
        children=(about,) if about else (),
        address=form.where.data,
        teller=teller,
    )


def _whence() -> str:
    """Return from where somebody writes: what our own proxies say, the nearest last, and nobody else's word."""
    address = request.remote_addr or ""
    said = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    while said and _is_our_proxy(address):
        address = said.pop()
    return address


def _is_our_proxy(address: str) -> bool:
    config: Config = current_app.config["CURATOR"]
    try:
        seen = ip_address(address)
    except ValueError:
        return False
    return seen.is_loopback or any(seen in ip_network(one, strict=False) for one in config.trusted_proxies)


def _code(signal: Signal) -> str:
    """Return a few letters to name on the phone; they tell nothing of anybody."""
    return signal.id.hex[-6:].upper()


def _form_page(template: str, territory: Territory, form: PublicForm) -> str:
    return render_template(template, territory=territory, form=form, errors=form.sentences())
