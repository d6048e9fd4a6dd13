"""One envelope on its way: whole, cut, resumed, repeated, forged. Any number of times, any order: one effect."""

from __future__ import annotations

import base64
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from curator_app.auth.models import Enrolment
from curator_app.sync import partials
from curator_app.sync.models import Envelope
from tests.protocol_client import Sealed, seal, sign, visit_body
from tests.sync.conftest import visits_of


def test_a_whole_visit_gets_a_receipt_with_its_number(phone, family, stored):
    visit, body = visit_body(family)
    envelope = phone.seal("visit", body)

    answer = phone.patch(envelope)

    assert answer.status == 201
    assert answer.headers["Curator-Receipt"] == "1"
    assert answer.headers["Content-Type"] == "application/json"
    receipt = answer.json
    assert (receipt["id"], receipt["state"], receipt["seq"]) == (envelope.id, "applied", 1)
    assert receipt["sha256"] == base64.b64encode(envelope.digest).decode()
    (made,) = visits_of(stored)
    assert (str(made.id), made.label) == (visit, receipt["number"])


def test_sent_again_it_gets_the_same_receipt_and_stays_one_visit(phone, family, stored):
    envelope = phone.seal("visit", visit_body(family)[1])
    first = phone.patch(envelope).json

    again = phone.patch(envelope)

    assert again.status == 200
    assert again.json == first
    assert len(visits_of(stored)) == len(stored(Envelope)) == 1


def test_a_cut_upload_goes_on_where_it_was_cut(phone, family):
    envelope = phone.seal("visit", visit_body(family)[1])

    first = phone.patch(envelope, 0, 100)
    rest = phone.patch(envelope, phone.offset(envelope.id))

    assert (first.status, first.headers["Upload-Offset"]) == (204, "100")
    assert rest.status == 201


def test_a_lost_answer_is_asked_for_without_sending_anything_again(phone, family):
    envelope = phone.seal("visit", visit_body(family)[1])
    phone.patch(envelope)

    assert phone.offset(envelope.id) == len(envelope.sealed)
    assert phone.patch(envelope, len(envelope.sealed)).status == 200


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_wrong_offset_is_answered_with_the_right_one(phone, family):
    envelope = phone.seal("visit", visit_body(family)[1])
    phone.patch(envelope, 0, 100)

    answer = phone.patch(envelope, 101)

    assert (answer.status, answer.headers["Upload-Offset"]) == (409, "100")
    assert answer.json == {"code": "wrong_offset"}


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_bytes_changed_on_the_way_are_dropped_and_the_upload_begins_anew(phone, family, stored):
    envelope = phone.seal("visit", visit_body(family)[1])
    damaged = Sealed(envelope.id, envelope.header, envelope.sealed[:-1] + bytes([envelope.sealed[-1] ^ 1]))
    digest = f"sha-256=:{base64.b64encode(envelope.digest).decode()}:"

    answer = phone.patch(damaged, Repr_Digest=digest)

    assert answer.status == 422
    assert phone.offset(envelope.id) == 0
    assert stored(Envelope) == []
    assert phone.patch(envelope).status == 201


def test_other_content_under_a_known_id_is_a_conflict_and_changes_nothing(phone, family, stored):
    visit, body = visit_body(family)
    envelope = phone.seal("visit", body)
    first = phone.patch(envelope).json

    other = phone.seal("visit", visit_body(family, id=visit, good_today="Другое")[1], id=envelope.id)
    answer = phone.patch(other)

    assert (answer.status, answer.json) == (409, {"code": "other_content"})
    assert phone.patch(envelope).json == first
    assert len(stored(Envelope)) == 1


def test_other_content_under_a_begun_id_is_a_conflict(phone, family):
    envelope = phone.seal("visit", visit_body(family)[1])
    phone.patch(envelope, 0, 50)

    other = phone.seal("visit", visit_body(family)[1], id=envelope.id)

    assert phone.patch(other, 50).json == {"code": "other_content"}
    assert phone.patch(envelope, 50).status == 201


def test_ten_at_once_are_one_visit(phone, family, stored):
    envelope = phone.seal("visit", visit_body(family)[1])

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: phone.patch(envelope), range(10)))
    last = phone.patch(envelope)

    assert {answer.status for answer in answers} <= {200, 201, 409, 503}
    assert sum(answer.status == 201 for answer in answers) == 1
    assert last.status == 200
    assert len(visits_of(stored)) == len(stored(Envelope)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Upload-Offset", "-1"),
        ("Upload-Offset", ""),
        ("Upload-Length", "many"),
        ("Upload-Length", "0"),
        ("Repr-Digest", "md5=:AAAA:"),
        ("Repr-Digest", ""),
        ("Envelope", ""),
        ("Envelope", "e30="),
    ],
)
def test_a_malformed_call_is_refused(phone, family, header, value):
    envelope = phone.seal("visit", visit_body(family)[1])

    assert phone.patch(envelope, **{header: value}).status == 400


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_more_bytes_than_announced_are_refused(phone, family):
    envelope = phone.seal("visit", visit_body(family)[1])

    assert phone.patch(envelope, Upload_Length=str(len(envelope.sealed) - 1)).status == 400


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_id_in_the_address_and_in_the_header_are_one(phone, family):
    envelope = phone.seal("visit", visit_body(family)[1])

    assert phone.patch(Sealed(str(uuid.uuid4()), envelope.header, envelope.sealed)).status == 400


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("kind", "limit"), [("visit", 256 * 1024), ("alarm", 256 * 1024), ("photo", 4 * 1024 * 1024)])
def test_too_large_is_said_before_it_is_sent(phone, kind, limit):
    envelope = phone.seal(kind, b"x")

    assert phone.patch(envelope, 0, 0, Upload_Length=str(limit + 1)).status == 413
    assert phone.patch(envelope, 0, 0, Upload_Length=str(limit)).status == 204


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_phone_with_too_much_unfinished_is_stopped_with_507(phone, monkeypatch):
    monkeypatch.setattr(partials, "ENROLMENT_BYTES_LIMIT", 3 * partials.LEAST_BYTES)
    answers = [phone.patch(phone.seal("photo", b"x" * 1000), 0, 10).status for _ in range(4)]

    assert answers == [204, 204, 204, 507]


def test_receipts_say_states_and_what_is_safe(phone, family):
    sent = phone.seal("visit", visit_body(family)[1])
    number = phone.patch(sent).json["number"]

    answer = phone.receipts([sent.id, str(uuid.UUID(int=1))])

    assert answer["receipts"][sent.id] == {"state": "applied", "seq": 1, "number": number, "reasons": []}
    assert answer["receipts"][str(uuid.UUID(int=1))] == {"state": "unknown"}
    assert answer["safe_through"] == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("body", [{"ids": "all"}, {"ids": [5]}, {"ids": ["x"]}, {}, {"ids": [""] * 501}])
def test_a_malformed_question_for_receipts_is_refused(phone, body):
    assert phone.post("receipts", body).status == 400


def test_hello_keeps_numbers_and_no_free_text(phone, stored):
    phone.hello(counts={"waiting": 2}, version="a1b2", free_space=10, note="Рябинкины", oldest="x" * 100)

    (row,) = stored(Enrolment, short=phone.enrolment)
    assert row.phone_state == {"counts": {"waiting": 2}, "version": "a1b2", "free_space": 10, "unsent": 2}
    assert row.last_contact_at is not None


def test_seq_grows_without_a_hole_and_numbers_with_it(phone, family):
    receipts = [phone.patch(phone.seal("visit", visit_body(family)[1])).json for _ in range(4)]

    assert [receipt["seq"] for receipt in receipts] == [1, 2, 3, 4]
    assert len({receipt["number"] for receipt in receipts}) == 4


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_changed_header_bit_is_received_and_unreadable(phone, family, stored):
    envelope = phone.seal("visit", visit_body(family)[1])
    header = json.loads(envelope.header)
    changed = Sealed(envelope.id, json.dumps({**header, "form_version": "visit@2"}).encode(), envelope.sealed)

    receipt = phone.patch(changed).json

    assert (receipt["state"], receipt["reasons"]) == ("unreadable", [{"code": "does_not_open"}])
    assert visits_of(stored) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_key_that_this_server_never_had_makes_it_unreadable(phone, family):
    envelope = phone.seal("visit", visit_body(family)[1], kid="20200101000000-00000000")

    assert phone.patch(envelope).json["reasons"] == [{"code": "unknown_key"}]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("author", [ec.generate_private_key(ec.SECP256R1()), None])
def test_a_foreign_or_missing_signature_needs_repair(phone, family, stored, author):
    _, body = visit_body(family)
    whole = phone.seal("visit", body)
    signature = sign(author, whole.header, body) if author else b"\0" * 64
    forged = Sealed(whole.id, whole.header, seal(phone.server_key.point, whole.header, signature + body))

    receipt = phone.patch(forged).json

    assert (receipt["state"], receipt["reasons"]) == ("needs_repair", [{"code": "signature"}])
    assert visits_of(stored) == []
