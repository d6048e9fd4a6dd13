"""What a phone wrote and could not be applied, put right at a desk: each kind's own form, under axe and by thumb."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.subjects.models import Subject
from curator_app.sync.models import NEEDS_REPAIR, Envelope
from tests.e2e.accessibility import Inspect
from tests.protocol_client import uuid7
from tests.support.browser import Phone
from tests.support.days import demo_day
from tests.support.server import LiveServer
from tests.sync.conftest import LocalPhone, enrol_phone
from tests.sync.test_acquaintance_envelopes import act_body, receipt_body
from tests.sync.test_contact_envelopes import contact_body

FORMS = {"contact": "contact", "acquaintance": "step", "acknowledgement": "step", "measure": "measure"}


def parked(server: LiveServer) -> dict[str, str]:
    """Deliver one of each kind from Туманова's phone, none of which holds; return the path of each."""
    with server.app() as app:
        with app.app_context():
            family = db.session.scalars(select(Family).where(Family.surname == "Рябинкины")).one()
            case = db.session.scalars(
                select(Subject).where(Subject.family_id == family.id, Subject.kind == "case")
            ).one()
            case.procedure = "kochki_2020@1"  # it counts from the day the curator has the resolution
            vera = db.session.scalars(select(Person).where(Person.name.startswith("Туманова"))).one()
            key, child = str(family.id), str(family.children[0].id)
            db.session.commit()
            db.session.refresh(vera)
            db.session.expunge(vera)
        phone = LocalPhone(origin="http://localhost:8000", app=app, **enrol_phone(app, vera))
        said = {"id": uuid7(), "family": key, "form_version": "measure@1", "kind": "first_measures", "child": child}
        said |= {"on": demo_day().isoformat(), "place": "relatives", "with_whom": "", "measures-0-who": "бабушка"}
        bodies = {
            "contact": contact_body(key, kind="")[1],
            "acquaintance": act_body(key, about="", on="2999-01-01")[1],
            "acknowledgement": receipt_body(key, on="2999-01-01"),
            "measure": urlencode(said | {"measures-0-measure": "Вечером с детьми бабушка"}).encode(),
        }
        for kind, body in bodies.items():
            phone.patch(phone.seal(kind, body))
        with app.app_context():
            waiting = db.session.scalars(select(Envelope).where(Envelope.state == NEEDS_REPAIR))
            return {one.kind: f"/repairs/{one.id}" for one in waiting}


def test_the_forms_on_which_a_record_is_put_right(
    make_phone: Callable[..., Phone], server: LiveServer, inspect: Inspect
) -> None:
    paths = parked(server)
    desk = make_phone()
    desk.enrol_office(server.link("Туманова", "office"))
    inspector = inspect(desk)

    for kind, form in FORMS.items():
        desk.page.goto(desk.origin + paths[kind])
        expect(desk.heading).to_be_visible()
        inspector.glance(f"repair {kind}")
        desk.page.goto(f"{desk.origin}{paths[kind]}/{form}")
        expect(desk.page.locator("form p.wrong:visible").first).to_be_visible()
        inspector.look(f"repair form {kind}", themes=kind == "measure")
