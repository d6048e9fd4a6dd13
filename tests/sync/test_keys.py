"""The keys of the installation: made once, kept private, old ones still open."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from curator_app.sync.keys import KeyRing


def test_the_first_call_makes_one_key_however_many_ask(tmp_path):
    folder = tmp_path / "keys"
    with ThreadPoolExecutor(8) as pool:
        kids = {key.kid for key in pool.map(lambda _: KeyRing(folder).current(), range(16))}

    assert len(kids) == 1
    assert len(list(folder.glob("*.pem"))) == 1


def test_key_files_are_for_the_server_alone(tmp_path):
    folder = tmp_path / "keys"
    kid = KeyRing(folder).current().kid

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / f"sync-{kid}.pem").stat().st_mode & 0o777 == 0o600


def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path):
    ring = KeyRing(tmp_path / "keys")
    old = ring.current()
    new = ring.make()
    while new < old.kid:
        new = ring.make()

    assert ring.current().kid == max(old.kid, new)
    assert ring.private(old.kid) is not None
    assert KeyRing(tmp_path / "keys").private(old.kid) is not None


def test_an_unknown_key_is_none_and_no_path(tmp_path):
    ring = KeyRing(tmp_path / "keys")
    ring.current()

    assert ring.private("20200101000000-00000000") is None
    assert ring.private("../../secret") is None
