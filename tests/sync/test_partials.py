"""Uploads in pieces: they continue, never mix, never leave holes, and do not fill the disk."""

from __future__ import annotations

import hashlib
import os
import threading
import time
import uuid

import pytest

from curator_app.sync import partials
from curator_app.sync.partials import Claim, OtherContent, QuotaReached, TurnLost, WrongOffset

ENROLMENT = "0a1b2c3d"
ID = uuid.UUID(int=7)
CONTENT = bytes(range(256)) * 16


def claim_of(content: bytes) -> Claim:
    return Claim(len(content), hashlib.sha256(content).digest(), b"{}")


def test_pieces_make_the_whole(tmp_path):
    claim = claim_of(CONTENT)
    first = partials.begin(tmp_path, ENROLMENT, ID, claim, 0)
    first.write(0, CONTENT[:1000])

    second = partials.begin(tmp_path, ENROLMENT, ID, claim, 1000)
    second.write(1000, CONTENT[1000:])

    assert second.whole() == CONTENT
    assert partials.offset_of(tmp_path, ENROLMENT, ID) == (len(CONTENT), len(CONTENT))


def test_an_earlier_offset_overwrites_and_a_later_one_is_refused(tmp_path):
    claim = claim_of(CONTENT)
    partials.begin(tmp_path, ENROLMENT, ID, claim, 0).write(0, CONTENT[:1000])

    with pytest.raises(WrongOffset) as caught:
        partials.begin(tmp_path, ENROLMENT, ID, claim, 1001)
    again = partials.begin(tmp_path, ENROLMENT, ID, claim, 500)
    again.write(500, CONTENT[500:])

    assert caught.value.offset == 1000
    assert again.whole() == CONTENT


def test_an_unknown_upload_cannot_begin_in_the_middle(tmp_path):
    with pytest.raises(WrongOffset) as caught:
        partials.begin(tmp_path, ENROLMENT, ID, claim_of(CONTENT), 10)

    assert caught.value.offset == 0
    assert partials.offset_of(tmp_path, ENROLMENT, ID) == (0, None)


@pytest.mark.parametrize(
    "other", [Claim(1, b"\0" * 32, b"{}"), Claim(len(CONTENT), b"\0" * 32, b"{}"), Claim(len(CONTENT), b"", b"{ }")]
)
def test_the_first_request_fixes_length_digest_and_header(tmp_path, other):
    partials.begin(tmp_path, ENROLMENT, ID, claim_of(CONTENT), 0)

    with pytest.raises(OtherContent):
        partials.begin(tmp_path, ENROLMENT, ID, other, 0)


def test_a_wrong_digest_is_not_the_whole(tmp_path):
    partial = partials.begin(tmp_path, ENROLMENT, ID, claim_of(CONTENT), 0)
    partial.write(0, CONTENT[:-1] + b"?")

    assert partial.whole() is None


def test_the_newest_request_takes_over_from_a_dead_connection(tmp_path):
    old = partials.begin(tmp_path, ENROLMENT, ID, claim_of(CONTENT), 0)
    old.write(0, CONTENT[:100])
    new = partials.begin(tmp_path, ENROLMENT, ID, claim_of(CONTENT), 100)

    with pytest.raises(TurnLost):
        old.write(100, b"late bytes of the old connection")
    new.write(100, CONTENT[100:])

    assert new.whole() == CONTENT


def test_many_at_once_leave_the_right_bytes(tmp_path):
    claim = claim_of(CONTENT)
    finished = []

    def send() -> None:
        partial = partials.begin(tmp_path, ENROLMENT, ID, claim, 0)
        try:
            for at in range(0, len(CONTENT), 64):
                partial.write(at, CONTENT[at : at + 64])
            with partial.holding_turn():
                finished.append(partial.whole())
        except TurnLost:
            pass

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert finished
    assert set(finished) == {CONTENT}


def test_what_was_dropped_can_begin_anew_but_not_go_on(tmp_path):
    partial = partials.begin(tmp_path, ENROLMENT, ID, claim_of(CONTENT), 0)
    partial.write(0, CONTENT[:10])
    with partial.holding_turn():
        partial.drop()

    with pytest.raises(TurnLost):
        partial.write(10, CONTENT[10:])

    assert list((tmp_path / ENROLMENT).iterdir()) == []
    assert partials.begin(tmp_path, ENROLMENT, ID, claim_of(b"other"), 0).offset == 0


def test_bytes_left_without_their_note_are_not_continued(tmp_path):
    partials.begin(tmp_path, ENROLMENT, ID, claim_of(CONTENT), 0).write(0, b"of a crash in between")
    (tmp_path / ENROLMENT / f"{ID}.json").unlink()

    assert partials.begin(tmp_path, ENROLMENT, ID, claim_of(CONTENT), 0).offset == 0


def test_one_enrolment_cannot_fill_the_disk_and_does_not_hinder_another(tmp_path):
    big = Claim(4 * 1024 * 1024, b"", b"{}")
    for n in range(16):
        partials.begin(tmp_path, ENROLMENT, uuid.UUID(int=n), big, 0)

    with pytest.raises(QuotaReached):
        partials.begin(tmp_path, ENROLMENT, uuid.UUID(int=99), big, 0)

    partials.begin(tmp_path, "99999999", uuid.UUID(int=99), big, 0)


def test_after_a_week_nobody_waits_for_the_rest(tmp_path):
    for n in (1, 2):
        partials.begin(tmp_path, ENROLMENT, uuid.UUID(int=n), claim_of(CONTENT), 0).write(0, b"x")
    week_ago = time.time() - 7 * 24 * 3600 - 60
    for ending in ("", ".turn"):
        os.utime(tmp_path / ENROLMENT / f"{uuid.UUID(int=1)}{ending}", (week_ago, week_ago))

    assert partials.delete_older(tmp_path) == 1
    assert partials.offset_of(tmp_path, ENROLMENT, uuid.UUID(int=1)) == (0, None)
    assert partials.offset_of(tmp_path, ENROLMENT, uuid.UUID(int=2)) == (1, len(CONTENT))


def test_an_upload_that_ends_while_another_begins_refuses_nothing(tmp_path):
    claim = claim_of(CONTENT)
    partials.begin(tmp_path, ENROLMENT, ID, claim, 0)
    # What a listing saw and a reader no longer finds, held still: a link to nothing.
    (tmp_path / ENROLMENT / "ended.json").symlink_to("nowhere")

    other = partials.begin(tmp_path, ENROLMENT, uuid.UUID(int=8), claim, 0)
    other.write(0, CONTENT)

    assert other.whole() == CONTENT
