"""A reminder on its whole way: asked for, sent by the worker, opened by the browser's key, shown, and tapped."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from curator_app.auth.models import Person, Territory
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.families.models import Family
from curator_app.reminders.models import ANSWER, Subscription
from curator_app.reminders.places import Places
from curator_app.reminders.telling import Said, remind
from curator_app.subjects.models import Subject
from tests.e2e.accessibility import Inspect
from tests.support.browser import SCREEN, Phone, phone_of
from tests.support.push_endpoint import PushEndpoint, push_endpoint
from tests.support.server import LiveServer

# No push service is reached from here: the browser's part of subscribing is the test's, its keys are the endpoint's.
SUBSCRIBE = """(said) => {
  let held = null;
  const unsubscribe = async () => { held = null; return true; };
  const made = () => ({ endpoint: said.endpoint, toJSON: () => said, unsubscribe });
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async (how) => {
    globalThis.subscribedWith = new Uint8Array(how.applicationServerKey).length;
    return (held = made());
  };
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path }))"""
TAP = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
}"""
MOVED = """async (said) => {
  const now = JSON.parse(said);
  const work = [];
  const event = new ExtendableEvent('pushsubscriptionchange');
  Object.assign(event, { newSubscription: { endpoint: now.endpoint, toJSON: () => now } });
  event.waitUntil = (promise) => void work.push(promise);
  self.dispatchEvent(event);
  await Promise.all(work);
}"""
IPHONE = """delete globalThis.PushManager;
Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)' });"""
BADGE = """() => {
  globalThis.badges = [];
  Object.defineProperty(navigator, 'setAppBadge', { value: async (n) => void globalThis.badges.push(n) });
}"""


@pytest.fixture
def endpoint() -> Iterator[PushEndpoint]:
    """The push service and the browser's keys."""
    with push_endpoint() as made:
        yield made


@pytest.fixture
def server(make_live_server: Callable[..., LiveServer], endpoint: PushEndpoint) -> LiveServer:
    """A server that may push to the test's service."""
    return make_live_server(PUSH_HOSTS=endpoint.host)


@pytest.fixture
def phone(browser: Browser, server: LiveServer, endpoint: PushEndpoint) -> Iterator[Phone]:
    """Туманова's phone, open on «Сегодня», with a system that allows notifications."""
    context = browser.new_context(viewport=SCREEN, locale="ru-RU")
    context.grant_permissions(["notifications"], origin=server.url)
    context.add_init_script(f"({SUBSCRIBE})({json.dumps(endpoint.subscription)})")
    made = phone_of(context, server.url)
    made.enrol(server.link("Туманова"))
    made.unlock()
    made.wait_for_shell()
    yield made
    context.close()
    assert made.complaints == []


def say_yes(phone: Phone) -> None:
    """Answer our own question."""
    asked = phone.page.locator("[data-push-ask]")
    expect(asked).to_contain_text("Напоминать о сроках?")
    expect(asked).to_contain_text("Тишина с 20:00 до 08:00")
    asked.locator("[data-push-yes]").click()
    expect(asked).to_contain_text("Этот телефон напоминает о сроках.")


def answer_comes(server: LiveServer) -> uuid.UUID:
    """Say at once to Туманова that an answer came about the Ryabinkins; return the family's id."""
    with server.app() as app, app.app_context():
        # An answer lets people sleep, and this may run at night.
        for territory in db.session.scalars(select(Territory)):
            territory.reminding = {"quiet_from": "00:00", "quiet_to": "00:00"}
        family = db.session.scalars(select(Family).where(Family.surname == "Рябинкины")).one()
        subject = db.session.scalars(select(Subject).where(Subject.family_id == family.id)).first()
        person = db.session.scalars(select(Person).where(Person.name.startswith("Туманова"))).one()
        said = Said(ANSWER, subject.id, "1", f"/cases/{subject.id}", subject_id=subject.id)
        remind(db.session(), Places(db.session()), person.id, said, now())
        db.session.commit()
        return family.id


def deliver(phone: Phone, body: str) -> None:
    """Hand the browser a message as its push service would."""
    heard: list[dict[str, Any]] = []
    phone.cdp.on("ServiceWorker.workerRegistrationUpdated", lambda event: heard.extend(event["registrations"]))
    phone.cdp.send("ServiceWorker.disable")
    phone.cdp.send("ServiceWorker.enable")
    phone.page.wait_for_timeout(200)
    registration = next(one for one in heard if not one["isDeleted"])
    told = {"origin": phone.origin, "registrationId": registration["registrationId"], "data": body}
    phone.cdp.send("ServiceWorker.deliverPushMessage", told)
    phone.page.wait_for_function(f"async () => (await ({SHOWN})()).length > 0")


def test_a_reminder_on_its_whole_way(phone: Phone, server: LiveServer, endpoint: PushEndpoint) -> None:
    say_yes(phone)
    assert phone.page.evaluate("() => globalThis.subscribedWith") == 65
    family_id = answer_comes(server)
    server.start_process("cron")
    came = endpoint.wait(seconds=40)[0]

    phone.context.service_workers[0].evaluate(BADGE)
    deliver(phone, came.body.decode())
    (shown,) = phone.page.evaluate(SHOWN)
    assert (shown["title"], shown["body"]) == ("Куратор", "Пришёл ответ")
    assert phone.context.service_workers[0].evaluate("() => globalThis.badges") == [came.said["count"]]

    phone.context.service_workers[0].evaluate(TAP)
    phone.page.wait_for_url(f"**/families/{family_id}")
    expect(phone.heading).to_contain_text("Рябинкины")

    # Behind the lock: the page is there once the finger has been.
    phone.page.locator("#app a[href='/today']").first.click()
    expect(phone.heading).to_have_text("Сегодня")
    phone.go("/more")
    phone.hide()
    deliver(phone, came.body.decode())
    phone.context.service_workers[0].evaluate(TAP)
    phone.page.wait_for_url(f"**/families/{family_id}")
    expect(phone.page.locator("#app")).to_be_hidden()
    phone.unlock()
    expect(phone.heading).to_contain_text("Рябинкины")


def test_a_no_is_remembered_and_more_has_the_switch(
    phone: Phone, server: LiveServer, endpoint: PushEndpoint, inspect: Inspect
) -> None:
    asked = phone.page.locator("[data-push-ask]")
    expect(asked).to_be_visible()
    inspector = inspect(phone)
    inspector.glance("the question before the system's")
    asked.locator("[data-push-no]").click()
    expect(asked).to_contain_text("Хорошо. Сроки всё равно видны на «Сегодня»")
    phone.go("/today")
    phone.page.wait_for_timeout(500)
    expect(asked).to_have_count(0)

    phone.go("/more")
    switch = phone.page.locator("[data-push-switch]")
    expect(switch).to_contain_text("Этот телефон не напоминает")
    inspector.glance("the switch")
    switch.locator("[data-push-on]").click()
    expect(switch).to_contain_text("Этот телефон напоминает о сроках.")
    (address,) = subscriptions(server)

    # The browser gives the phone another address by itself, with no page and nobody signed in.
    phone.context.service_workers[0].evaluate(MOVED, json.dumps(endpoint.subscription | {"endpoint": f"{address}/2"}))
    assert subscriptions(server) == [f"{address}/2"]
    switch.locator("[data-push-off]").click()
    expect(switch).to_contain_text("Этот телефон не напоминает")
    assert subscriptions(server) == []


def test_a_message_that_cannot_be_read_says_only_that_there_is_something(phone: Phone) -> None:
    deliver(phone, "not ours")
    (shown,) = phone.page.evaluate(SHOWN)
    assert (shown["title"], shown["body"], shown["path"]) == ("Куратор", "Есть новое по вашей работе", "/today")


def test_where_a_phone_cannot_remind_it_says_why(phone: Phone) -> None:
    switch = phone.page.locator("[data-push-switch]")
    phone.page.add_init_script("Object.defineProperty(Notification, 'permission', { value: 'denied' });")
    phone.go("/more")
    expect(switch).to_contain_text("Напоминания закрыты в настройках телефона")
    expect(switch.locator("button:visible")).to_have_count(0)

    phone.page.add_init_script(IPHONE)
    phone.go("/more")
    expect(switch).to_contain_text("На iPhone напоминания приходят, если «Куратор» стоит на экране «Домой»")


def subscriptions(server: LiveServer) -> list[str]:
    """Return the addresses of the browsers that the server reminds."""
    with server.app() as app, app.app_context():
        return list(db.session.scalars(select(Subscription.endpoint)))
