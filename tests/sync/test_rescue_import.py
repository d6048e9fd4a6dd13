"""A rescued file at the office: what is genuine and new is received and applied as an upload would be, once."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from curator_app import texts
from curator_app.audit.models import AuditRow
from curator_app.auth.models import Enrolment
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.sync import rescue, rescue_file
from curator_app.sync.models import Envelope
from curator_app.visits.models import Photo
from tests.protocol_client import Sealed, photo_body, sign, uuid7, visit_body
from tests.protocol_client import seal as hpke
from tests.sync.conftest import visits_of
from tests.sync.rescued import bring, file_of, line_of
from tests.visits import pictures

CANARY = "Слова, которых в кабинете никто не видит"


def refused(page, code):
    """Return whether the page says why something was not kept."""
    return f'data-refused="{code}"' in page.text and texts.text(f"rescued.refused.{code}") in page.text


def test_a_visit_and_its_photo_come_by_file_as_they_would_by_air(app, people, phone, family, stored, work):
    photo, jpeg = uuid7(), pictures.jpeg()
    visit, body = visit_body(family, [(photo, jpeg)], attempt_fact=CANARY)
    whole = [phone.seal("visit", body), phone.seal("photo", photo_body(photo, visit, jpeg))]

    page = bring(app, people.darya, file_of(*whole))
    work()

    assert page.status_code == 200
    assert texts.text("rescued.came", n=2) in page.text
    assert CANARY not in page.text
    assert "Рябинкины" not in page.text
    (made,) = visits_of(stored)
    assert (str(made.id), made.author_id) == (visit, people.vera.id)
    assert [one.state for one in stored(Photo, visit_id=made.id)] == ["ready"]
    (row,) = stored(AuditRow, act="rescued:brought")
    assert (row.person_id, row.data["came"]) == (people.darya.id, 2)


def test_brought_twice_and_sent_as_well_it_is_one_visit(app, people, phone, family, stored):
    envelope = phone.seal("visit", visit_body(family)[1])
    bring(app, people.darya, file_of(envelope))

    again = bring(app, people.darya, file_of(envelope, envelope))
    by_air = phone.patch(envelope)

    assert texts.text("rescued.came", n=0) in again.text
    assert texts.text("rescued.known", n=2) in again.text
    assert by_air.status == 200
    assert len(visits_of(stored)) == len(stored(Envelope)) == 1


def test_what_the_phone_sent_before_is_known(app, people, phone, family, stored):
    envelope = phone.seal("visit", visit_body(family)[1])
    phone.patch(envelope)

    page = bring(app, people.darya, file_of(envelope))

    assert texts.text("rescued.known", n=1) in page.text
    assert len(visits_of(stored)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_one_bad_record_never_stops_the_rest(app, people, phone, family, stored):
    good = [phone.seal("visit", visit_body(family)[1]) for _ in range(2)]
    flipped = Sealed(good[0].id, good[0].header, good[0].sealed[:-1] + bytes([good[0].sealed[-1] ^ 1]))
    broken = line_of(good[0])[:-40] + b'"}\n'
    wrong_digest = (
        json.dumps(
            {
                name: base64.b64encode(value).decode()
                for name, value in {
                    "header": good[0].header,
                    "sha256": hashlib.sha256(b"").digest(),
                    "sealed": good[0].sealed,
                }.items()
            }
        ).encode()
        + b"\n"
    )

    page = bring(app, people.darya, file_of(good[0], broken, b"[[[\n", wrong_digest, line_of(flipped), good[1]))

    assert texts.text("rescued.came", n=2) in page.text
    assert refused(page, "damaged")
    assert texts.text("rescued.not_kept", n=3) in page.text
    assert len(visits_of(stored)) == 2


def test_a_record_that_does_not_apply_is_told_by_number_and_reason_and_waits_for_its_author(
    app, people, phone, family, stored
):
    bad = phone.seal("visit", visit_body(family, on="вчера", attempt_fact=CANARY)[1])
    good = phone.seal("visit", visit_body(family)[1])

    page = bring(app, people.darya, file_of(bad, good))

    assert "Не сошлось поле: дата" in page.text
    assert people.vera.short_name in page.text
    assert CANARY not in page.text
    assert len(visits_of(stored)) == 1
    assert [row.state for row in stored(Envelope)] == ["needs_repair", "applied"]


@pytest.mark.parametrize("state", ["draining", "revoked"])
def test_a_phone_that_was_switched_off_since_loses_nothing_that_was_sealed(app, people, phone, family, stored, state):
    envelope = phone.seal("visit", visit_body(family)[1])
    with app.app_context():
        db.session.query(Enrolment).filter_by(short=phone.enrolment).one().state = state
        db.session.commit()

    page = bring(app, people.darya, file_of(envelope))

    assert texts.text("rescued.came", n=1) in page.text
    assert len(visits_of(stored)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_was_written_on_a_phone_after_it_was_switched_off_waits_for_the_head(app, people, phone, family, stored):
    off = now()
    before = phone.seal("visit", visit_body(family)[1], created_at=(off - timedelta(hours=1)).isoformat())
    after = phone.seal("visit", visit_body(family)[1], created_at=(off + timedelta(hours=1)).isoformat())
    with app.app_context():
        row = db.session.query(Enrolment).filter_by(short=phone.enrolment).one()
        row.state, row.revoked_at = "revoked", off
        db.session.commit()

    page = bring(app, people.darya, file_of(before, after))

    assert texts.text("rescued.came", n=2) in page.text
    assert texts.text("repairs.reasons.sealed_after_revoking") in page.text
    assert [str(row.envelope_id) for row in stored(Envelope, state="applied")] == [before.id]
    assert len(visits_of(stored)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_author_is_who_signed_it_and_an_unsigned_one_occupies_nothing(app, people, phone, family, stored):
    genuine = phone.seal("visit", visit_body(family)[1])
    _, other = visit_body(family, good_today="Подделка")
    thief = ec.generate_private_key(ec.SECP256R1())
    signature = sign(thief, genuine.header, other)
    forged = Sealed(genuine.id, genuine.header, hpke(phone.server_key.point, genuine.header, signature + other))

    page = bring(app, people.darya, file_of(forged))

    assert refused(page, "signature")
    assert stored(Envelope) == []
    assert phone.patch(genuine).status == 201


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_another_key_and_another_content_are_named_and_nothing_is_kept(app, people, phone, family, stored):
    known = phone.seal("visit", visit_body(family)[1])
    phone.patch(known)
    other = phone.seal("visit", visit_body(family)[1], id=known.id)
    unknown_key = phone.seal("visit", visit_body(family)[1], kid="20200101000000-00000000")
    changed = phone.seal("visit", visit_body(family)[1])
    changed = Sealed(changed.id, known.header, changed.sealed)

    page = bring(app, people.darya, file_of(other, unknown_key, changed))

    assert all(refused(page, code) for code in ("other_content", "unknown_key", "does_not_open"))
    assert len(stored(Envelope)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_phone_of_another_organisation_is_not_ours_to_bring(app, people, phone_of, stored):
    envelope = phone_of(people.igor).seal("visit", visit_body(str(people.podorozhnikovy.id))[1])

    page = bring(app, people.darya, file_of(envelope))

    assert refused(page, "stranger")
    assert stored(Envelope) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_file_that_was_cut_says_how_much_is_missing(app, people, phone, family, stored):
    whole = file_of(*[phone.seal("visit", visit_body(family)[1]) for _ in range(3)])

    page = bring(app, people.darya, whole[: len(whole) * 2 // 3 - 10])

    assert texts.text("rescued.came", n=1) in page.text
    assert texts.text("rescued.missing", n=1) in page.text
    assert refused(page, "damaged")
    assert len(visits_of(stored)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "rescue_no_file"),
        (b"", "rescue_not_ours"),
        (b"PK\x03\x04 an archive", "rescue_not_ours"),
        (b"[" * 100_000, "rescue_not_ours"),
        (b"\x1f\x8b" + b"\0" * 50_000, "rescue_not_ours"),
        (b'{"format": "curator-rescue", "v": 2}\n', "rescue_newer"),
    ],
)
def test_what_is_no_rescued_file_is_refused_with_a_sentence(app, people, content, words):
    page = bring(app, people.darya, content)

    said = texts.refusal(words)
    assert page.status_code == 422
    assert all(said[part] in page.text for part in ("what", "safe", "do"))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_line_without_an_end_costs_no_more_than_itself(app, people, phone, family, stored, monkeypatch):
    monkeypatch.setattr(rescue_file, "LINE_BYTES", 50_000)
    good = phone.seal("visit", visit_body(family)[1])

    page = bring(app, people.darya, file_of(b'{"sealed": "' + b"A" * 300_000 + b'"}\n', good))

    assert refused(page, "too_large")
    assert len(visits_of(stored)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_more_records_than_a_phone_can_hold_end_the_reading(app, people, phone, family, stored, monkeypatch):
    monkeypatch.setattr(rescue_file, "LINES", 2)
    envelopes = [phone.seal("visit", visit_body(family)[1]) for _ in range(3)]

    page = bring(app, people.darya, file_of(*envelopes))

    assert refused(page, "too_many")
    assert len(visits_of(stored)) == 2


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_file_larger_than_any_phone_is_refused_unread(app, people, monkeypatch):
    monkeypatch.setattr(rescue, "FILE_BYTES", 100_000)

    page = bring(app, people.darya, file_of(b"x" * 200_000))

    assert page.status_code == 413
    assert texts.refusal("rescue_too_large")["what"] in page.text
