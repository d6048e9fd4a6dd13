"""A record that did not apply is put right by its author, by phone or at a desk; one of a lost family is the head's."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from curator_app.clock import today
from curator_app.subjects.models import Event
from curator_app.sync.models import Envelope
from curator_app.visits.models import ChildWords, FamilyMember, Photo
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.support.people import ORIGIN, sign_in
from tests.sync.conftest import hand_over, visits_of
from tests.visits.pictures import jpeg

TODAY = today("Asia/Novosibirsk")


def key_of(stored, number=0):
    return stored(Envelope, state="needs_repair")[number].id


def form_of(page):
    """Return what the office's form would post as it stands: every filled, checked or selected control."""
    fields = []
    for tag in re.findall(r"<(?:input|textarea|select)\b[^>]*>(?:[^<]*</textarea>)?", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or (('type="radio"' in tag or 'type="checkbox"' in tag) and " checked" not in tag):
            continue
        text = re.search(r">([^<]*)</textarea>", tag)
        fields.append((name[1], html.unescape(text[1] if text else value[1] if value else "")))
    return fields


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_author_puts_it_right_at_a_desk_and_nothing_of_it_is_lost(app, people, phone, family, stored, work):
    app.config["WTF_CSRF_ENABLED"] = False
    child = next(m for m in stored(FamilyMember, family_id=people.ryabinkiny.id) if m.kind == "child")
    photo, content = uuid7(), jpeg()
    said = {"form_version": "visit@2", "on": "вчера", f"child_words@{child.id}-verbatim": "Хочу на лыжи"}
    visit, body = visit_body(family, [(photo, content)], **said)
    sealed = phone.seal("visit", body)
    number = phone.patch(sealed).json["number"]
    phone.patch(phone.seal("photo", photo_body(photo, visit, content)))
    client = sign_in(app, people.vera)
    page = client.get(f"/repairs/{key_of(stored)}/edit", base_url=ORIGIN)
    assert "Поправьте отмеченное" in page.text
    assert "Дети накормлены, тепло." in page.text

    typed = [(name, TODAY.isoformat() if name == "on" else value) for name, value in form_of(page.text)]
    answer = client.post(f"/repairs/{key_of(stored)}/edit", data=dict_of(typed), base_url=ORIGIN)
    work()

    assert answer.status_code == 303
    (made,) = [one for one in visits_of(stored) if str(one.id) == visit]
    assert (made.label, made.on, made.value("good_today")) == (number, TODAY, "Дети накормлены, тепло.")
    assert [one.verbatim for one in stored(ChildWords, visit_id=made.id)] == ["Хочу на лыжи"]
    assert [one.state for one in stored(Photo, visit_id=made.id)] == ["ready"]
    said = phone.receipts([sealed.id])["receipts"][sealed.id]
    assert (said["state"], said["reasons"]) == ("applied", [{"code": "repaired_at_desk"}])
    assert stored(Envelope, kind="visit")[0].body == sealed.sealed


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_still_does_not_hold_is_marked_and_kept(app, people, phone, family, stored):
    app.config["WTF_CSRF_ENABLED"] = False
    phone.patch(phone.seal("visit", visit_body(family, on="вчера")[1]))
    client = sign_in(app, people.vera)
    address = f"/repairs/{key_of(stored)}/edit"
    typed = form_of(client.get(address, base_url=ORIGIN).text)

    answer = client.post(
        address, data=dict_of([(n, "14:99" if n == "started" else v) for n, v in typed]), base_url=ORIGIN
    )

    assert answer.status_code == 422
    assert "Не заполнено: время." in answer.text
    assert "Дети накормлены, тепло." in answer.text
    assert stored(Envelope)[0].state == "needs_repair"


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("who", ["darya", "igor", "anna"])
def test_nobody_writes_in_the_authors_place(app, people, phone, family, stored, who):
    app.config["WTF_CSRF_ENABLED"] = False
    phone.patch(phone.seal("visit", visit_body(family, on="вчера")[1]))
    address = f"/repairs/{key_of(stored)}/edit"
    client = sign_in(app, getattr(people, who))

    assert client.get(address, base_url=ORIGIN).status_code == 404
    assert client.post(address, data={"on": TODAY.isoformat()}, base_url=ORIGIN).status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_stricter_server_names_the_field_and_lets_the_others_pass(phone, family, stored):
    strict = phone.seal("visit", visit_body(family, ended="13:00")[1])

    receipt = phone.patch(strict).json
    other = phone.patch(phone.seal("visit", visit_body(family)[1])).json
    assert (receipt["state"], receipt["reasons"]) == ("needs_repair", [{"code": "field", "field": "ended"}])
    assert other["state"] == "applied"

    better = phone.patch(phone.seal("visit", visit_body(family, ended="15:00")[1], supersedes=strict.id)).json
    assert (better["state"], better["number"]) == ("applied", receipt["number"])
    assert stored(Envelope, state="needs_repair") == []


def test_a_family_handed_over_is_with_the_head_and_not_shown_to_the_sender(app, people, phone, family, stored):
    hand_over(app, people.vera, TODAY - timedelta(days=3))
    receipt = phone.patch(phone.seal("visit", visit_body(family, good_today="Канарейкина весела")[1])).json
    assert (receipt["state"], receipt["reasons"]) == ("needs_repair", [{"code": "family_handed_over"}])
    assert receipt["number"]
    address = f"/repairs/{key_of(stored)}"

    head, author = (sign_in(app, one).get(address, base_url=ORIGIN).text for one in (people.darya, people.vera))

    assert "Семью передали коллеге" in head
    assert "Канарейкина весела" in head
    assert "Семью передали коллеге" in author
    assert "Канарейкина" not in author
    assert "Рябинкины" not in author


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_head_settles_it_by_a_note_and_nothing_is_asked_of_the_sender(app, people, phone, family, stored):
    app.config["WTF_CSRF_ENABLED"] = False
    hand_over(app, people.vera, TODAY - timedelta(days=3))
    sealed = phone.seal("visit", visit_body(family)[1])
    phone.patch(sealed)

    note = {"text": "Передала новому куратору", "settle": "1"}
    answer = sign_in(app, people.darya).post(f"/repairs/{key_of(stored)}/notes", data=note, base_url=ORIGIN)

    assert answer.status_code == 303
    assert phone.receipts([sealed.id])["receipts"][sealed.id]["state"] == "applied"
    assert visits_of(stored) == []
    assert stored(Event, type="record_set_aside") == []  # the family is nobody's of hers today
    assert stored(Envelope)[0].body == sealed.sealed


def dict_of(pairs):
    """Group pairs as a client posts them."""
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped
