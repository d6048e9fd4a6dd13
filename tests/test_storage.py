"""The photo store keeps what it says it keeps: in a folder, and in a real S3-compatible server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from curator_app.config import Config
from curator_app.storage import MissingObject, PhotoStore, StoreDown, open_store
from tests.support.databases import config_for
from tests.support.object_store import ObjectStore


@pytest.fixture(scope="module")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    server = ObjectStore(tmp_path_factory.mktemp("objects"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    settings = config_for(tmp_path)
    if request.param == "folder":
        return settings
    return replace(settings, **request.getfixturevalue("object_store").settings("photos/here"))


@pytest.fixture
def store(settings: Config) -> PhotoStore:
    return open_store(settings)


def test_what_was_put_is_there_and_can_be_replaced_and_removed(store):
    store.put("photos/a.jpg", b"one")
    store.put("photos/a.jpg", b"two")
    assert store.get("photos/a.jpg") == b"two"
    assert store.has("photos/a.jpg")

    store.delete("photos/a.jpg")
    store.delete("photos/a.jpg")

    assert not store.has("photos/a.jpg")


def test_an_unknown_key_is_missing_and_not_a_failure(store):
    with pytest.raises(MissingObject):
        store.get("photos/none.jpg")


def test_four_megabytes_come_back_as_they_were(store):
    content = os.urandom(4 * 1024 * 1024)
    store.put("sealed/big", content)

    assert store.get("sealed/big") == content


def test_a_folder_that_cannot_be_written_is_down(tmp_path):
    store = open_store(config_for(tmp_path))
    (tmp_path / "photos").rmdir()
    (tmp_path / "photos").write_text("a file where the folder was", encoding="ascii")

    with pytest.raises(StoreDown):
        store.put("photos/a.jpg", b"x")
    with pytest.raises(StoreDown):
        store.get("photos/a.jpg")


def test_keys_cannot_leave_the_folder(tmp_path):
    store = open_store(config_for(tmp_path))

    with pytest.raises(ValueError, match="illegal"):
        store.put("../outside", b"x")

    assert not (tmp_path / "outside").exists()


def test_a_put_reaches_the_disk_before_it_returns(tmp_path, monkeypatch):
    synced: list[str] = []
    fsync = os.fsync

    def noted(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    open_store(config_for(tmp_path)).put("sealed/abc/1", b"x")

    folder = tmp_path / "photos"
    assert synced == [str(folder / "sealed/abc/1"), str(folder / "sealed/abc"), str(folder / "sealed"), str(folder)]


def test_a_store_that_is_stopped_is_down_and_comes_back(object_store, tmp_path):
    store = open_store(replace(config_for(tmp_path), **object_store.settings("photos")))
    store.put("a", b"x")

    object_store.stop()
    with pytest.raises(StoreDown):
        store.put("b", b"x")
    with pytest.raises(StoreDown):
        store.get("a")
    object_store.start()

    assert store.get("a") == b"x"
