"""A phone asks to be reminded, asks no more, and its browser changes its address by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from curator_app.auth.models import FIELD, REVOKED, Enrolment
from curator_app.extensions import db
from curator_app.reminders.models import Subscription
from curator_app.reminders.push_hosts import is_allowed, leads_outside
from tests.support.people import ORIGIN, enrol, settle, sign_in
from tests.support.push_endpoint import PushEndpoint, push_endpoint

HERE = "/reminders/push"


@pytest.fixture
def people(app):
    """The demonstration's people."""
    return settle(app)


@pytest.fixture
def endpoint(app):
    """A browser at a push service that the installation allows."""
    with push_endpoint() as made:
        app.config["CURATOR"] = replace(app.config["CURATOR"], push_hosts=frozenset({made.host}))
        yield made


def post(client: FlaskClient, path: str, body: object = None) -> int:
    """Post JSON with the session's token; return the status."""
    token = client.get("/session", base_url=ORIGIN).json["csrf"]
    headers = {"X-CSRFToken": token}
    return client.post(path, json=body or {}, base_url=ORIGIN, headers=headers).status_code


def kept(app) -> list[tuple[str, str]]:
    """Return who is reminded where: the enrolment's short name and the address."""
    with app.app_context():
        query = select(Enrolment.short, Subscription.endpoint).join(Subscription)
        return [tuple(row) for row in db.session.execute(query)]


def test_before_it_asks_a_phone_hears_our_key_and_whether_there_is_a_deadline(app, people):
    told = sign_in(app, people.vera, FIELD).get(HERE, base_url=ORIGIN).json
    assert told["deadline"] is True
    assert (told["quiet_from"], told["quiet_to"]) == ("20:00", "08:00")
    assert len(told["key"]) == 87
    assert sign_in(app, people.anna, FIELD).get(HERE, base_url=ORIGIN).json["deadline"] is False


def test_yes_and_no(app, people, endpoint: PushEndpoint):
    phone = enrol(app, people.vera)
    client = sign_in(app, people.vera, enrolment=phone)

    assert post(client, HERE, endpoint.subscription) == 200
    assert post(client, HERE, endpoint.subscription) == 200
    assert kept(app) == [(phone.short, endpoint.url)]
    assert post(client, f"{HERE}/off") == 200
    assert kept(app) == []


def test_without_the_sessions_token_nothing_is_taken(app, people, endpoint: PushEndpoint):
    client = sign_in(app, people.vera, FIELD)
    client.application.config["WTF_CSRF_ENABLED"] = True
    assert client.post(HERE, json=endpoint.subscription, base_url=ORIGIN).status_code == 400
    assert kept(app) == []


def test_one_screen_reminds_whoever_asked_last(app, people, endpoint: PushEndpoint):
    first, second = enrol(app, people.vera), enrol(app, people.igor)
    post(sign_in(app, people.vera, enrolment=first), HERE, endpoint.subscription)
    post(sign_in(app, people.igor, enrolment=second), HERE, endpoint.subscription)
    assert kept(app) == [(second.short, endpoint.url)]


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "https://evil.example/push"},
        {"endpoint": "http://127.0.0.1:1/push"},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": None},
    ],
)
def test_what_no_push_service_gave_is_refused(app, people, endpoint: PushEndpoint, change):
    client = sign_in(app, people.vera, FIELD)
    assert post(client, HERE, endpoint.subscription | change) == 400
    assert kept(app) == []


def test_the_browser_that_knows_its_old_address_may_change_it_and_nobody_else(app, people, endpoint: PushEndpoint):
    phone = enrol(app, people.vera)
    post(sign_in(app, people.vera, enrolment=phone), HERE, endpoint.subscription)
    renewed = endpoint.subscription | {"endpoint": f"http://{endpoint.host}/push/2"}
    stranger = app.test_client()

    other_site = {"Origin": "https://evil.example"}
    body = {"was": endpoint.url, "now": renewed}
    assert stranger.post(f"{HERE}/renew", json=body, headers=other_site, base_url=ORIGIN).status_code == 403
    assert post(stranger, f"{HERE}/renew", {"was": f"http://{endpoint.host}/push/9", "now": renewed}) == 404
    assert post(stranger, f"{HERE}/renew", {"was": endpoint.url, "now": renewed}) == 200
    assert kept(app) == [(phone.short, renewed["endpoint"])]

    with app.app_context():
        db.session.get_one(Enrolment, phone.id).state = REVOKED
        db.session.commit()
    assert post(stranger, f"{HERE}/renew", {"was": renewed["endpoint"], "now": endpoint.subscription}) == 404


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/x:y", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://wns2-db5p.notify.windows.com/w/?token=x", True),
        ("https://push.region.example/x", True),
        ("https://push.region.example:8443/x", False),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:22/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("https://evil.example/fcm.googleapis.com", False),
        ("https://notfcm.googleapis.com.evil.example/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1]/x", False),
        ("file:///etc/passwd", False),
        ("https://fcm.googleapis.com:0x/x", False),
        ("", False),
    ],
)
def test_only_known_push_services_and_those_of_the_settings_are_asked(address, allowed):
    assert is_allowed(address, {"push.region.example"}) is allowed


def test_a_name_that_leads_into_our_own_network_or_nowhere_is_not_followed(monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert not leads_outside("https://localhost/x")
    assert not leads_outside("https://127.0.0.1/x")
    assert not leads_outside("https://10.1.2.3/x")
    assert not leads_outside("https://[fd00::1]/x")
    assert not leads_outside("https://nobody.invalid/x")
