"""Whoever made a record that could not be written down is told so once, and no more when it was put right."""

from __future__ import annotations

import pytest

from curator_app.clock import today
from curator_app.reminders.models import NEEDS_YOU, Reminder
from curator_app.sync import jobs
from tests.protocol_client import visit_body
from tests.support.people import ORIGIN, sign_in
from tests.sync.test_repair_at_a_desk import dict_of, form_of, key_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


def ask(app):
    """Let the worker look."""
    with app.app_context():
        return jobs.ask_authors()


def test_the_author_is_told_once_and_left_in_peace_when_it_is_put_right(app, people, phone, family, stored, work):
    app.config["WTF_CSRF_ENABLED"] = False
    phone.patch(phone.seal("visit", visit_body(family, [], form_version="visit@2", on="вчера")[1]))
    work()

    assert [ask(app), ask(app)] == [1, 0]
    (said,) = stored(Reminder, kind=NEEDS_YOU)
    assert (said.person_id, said.path, said.settled_at) == (people.vera.id, "/outbox", None)

    desk = sign_in(app, people.vera)
    repair = f"/repairs/{key_of(stored)}/edit"
    typed = [(name, today("Asia/Novosibirsk").isoformat() if name == "on" else value)
             for name, value in form_of(desk.get(repair, base_url=ORIGIN).text)]  # fmt: skip
    desk.post(repair, data=dict_of(typed), base_url=ORIGIN)
    work()
    ask(app)
    assert stored(Reminder, kind=NEEDS_YOU)[0].settled_at is not None


def test_of_a_record_that_was_written_down_nothing_is_said(app, phone, family, stored, work):
    phone.patch(phone.seal("visit", visit_body(family, [])[1]))
    work()
    assert (ask(app), stored(Reminder)) == (0, [])
