"""What another implementation sealed is opened; what anybody changed is not."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from curator_app.sync.envelopes import (
    BadHeader,
    Unreadable,
    is_signed_by,
    open_sealed,
    parse_header,
    read_header,
)
from curator_app.sync.keys import _point
from tests.protocol_client import Phone, ServerKey, seal

SERVER = ec.generate_private_key(ec.SECP256R1())
AUTHOR = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def phone() -> Phone:
    return Phone("http://localhost", "0a1b2c3d", "cookie", AUTHOR, ServerKey("k1", _point(SERVER)))


@pytest.mark.parametrize("body", [b"x", b"a" * 400_000, "фамилия=Рябинкины".encode()])
def test_an_envelope_made_by_pyhpke_is_opened_and_its_author_known(phone, body):
    envelope = phone.seal("visit", body)

    signature, opened = open_sealed(SERVER, envelope.header, envelope.sealed)

    assert opened == body
    assert is_signed_by(_point(AUTHOR), envelope.header, opened, signature)
    assert not is_signed_by(_point(SERVER), envelope.header, opened, signature)


def test_one_changed_bit_of_the_header_closes_the_envelope(phone):
    envelope = phone.seal("visit", b"body")
    for place in range(0, len(envelope.header), 7):
        changed = bytearray(envelope.header)
        changed[place] ^= 1

        with pytest.raises(Unreadable):
            open_sealed(SERVER, bytes(changed), envelope.sealed)


def test_one_changed_bit_of_the_sealed_bytes_closes_the_envelope(phone):
    envelope = phone.seal("visit", b"body")
    for place in range(len(envelope.sealed)):
        changed = bytearray(envelope.sealed)
        changed[place] ^= 1

        with pytest.raises(Unreadable):
            open_sealed(SERVER, envelope.header, bytes(changed))


@pytest.mark.parametrize("sealed", [b"", b"\4", b"\4" * 65, b"\0" * 200])
def test_what_is_no_envelope_at_all_does_not_open(sealed):
    with pytest.raises(Unreadable):
        open_sealed(SERVER, b"{}", sealed)


def test_a_plaintext_without_room_for_a_signature_does_not_open():
    with pytest.raises(Unreadable):
        open_sealed(SERVER, b"{}", seal(_point(SERVER), b"{}", b"short"))


@pytest.mark.parametrize("signature", [b"\0" * 64, b"\xff" * 64, b""])
def test_nonsense_is_nobodys_signature(signature):
    assert not is_signed_by(_point(AUTHOR), b"{}", b"body", signature)


@pytest.mark.parametrize("point", [None, b"", b"\4" + b"\1" * 64])
def test_without_a_registered_key_nothing_is_signed(phone, point):
    envelope = phone.seal("visit", b"body")
    signature, body = open_sealed(SERVER, envelope.header, envelope.sealed)

    assert not is_signed_by(point, envelope.header, body, signature)


def test_the_header_is_read_as_it_was_written(phone):
    part = "01939d1c-0000-7000-8000-000000000001"
    envelope = phone.seal("visit", b"", parts=[part], supersedes=part)

    header = parse_header(base64.b64encode(envelope.header).decode())

    assert (str(header.id), header.kind, header.enrolment, header.kid) == (envelope.id, "visit", "0a1b2c3d", "k1")
    assert [str(header.supersedes)] == [str(one) for one in header.parts] == [part]
    assert header.raw == envelope.header


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"id": "not-a-uuid"},
        {"id": "01939D1C-0000-7000-8000-000000000001"},
        {"kind": "Visit!"},
        {"kind": None},
        {"enrolment": "../../etc"},
        {"enrolment": "0A1B2C3D"},
        {"kid": "../key"},
        {"created_at": "yesterday"},
        {"created_at": "2026-11-22T10:00:00"},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"supersedes": 5},
        {"parts": "all"},
        {"parts": ["x"]},
        {"parts": ["01939d1c-0000-7000-8000-000000000001"] * 101},
    ],
)
def test_a_header_that_is_not_ours_is_refused(phone, change):
    value = json.loads(phone.seal("visit", b"").header)

    with pytest.raises(BadHeader):
        read_header(json.dumps({**value, **change}).encode())


@pytest.mark.parametrize(
    "text", ["", "%%%", "bm90IGpzb24=", "W10=", "eyJ2IjoxfQ", base64.b64encode(b"{" * 9000).decode()]
)
def test_a_header_that_is_not_base64_of_our_json_is_refused(text):
    with pytest.raises(BadHeader):
        parse_header(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_header_reader_fall_over(raw):
    with pytest.raises(BadHeader):
        read_header(raw)
