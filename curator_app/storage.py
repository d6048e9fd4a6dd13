"""The photo store: one small interface over a local folder or an S3-compatible service (obstore)."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

import obstore
from flask import Flask, current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from curator_app.config import Config
from curator_app.errors import NotVisible, TryLater

if TYPE_CHECKING:
    from obstore.store import S3Config


class StoreDown(TryLater):
    """The store did not take or give the bytes; the same call may pass later."""

    refusal = "server_busy"


class MissingObject(NotVisible):
    """There is nothing under that key."""


class PhotoStore:
    """Bytes by key. Raises StoreDown for any trouble of the store, MissingObject for an unknown key."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None) -> None:
        """Take obstore's store, and the folder it writes into when it is a local one."""
        self._store = store
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`; when this returns it outlives a power cut."""
        try:
            if self._folder is not None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            obstore.put(self._store, key, content, use_multipart=False)
            if self._folder is not None:
                _sync_to_disk(self._folder, key)
        except (BaseError, OSError) as error:
            raise StoreDown from error

    def get(self, key: str) -> bytes:
        """Return the bytes under `key`."""
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except FileNotFoundError as error:
            # A local folder that is gone looks like a missing file; it is not the photo's fault.
            if self._folder is not None and not self._folder.is_dir():
                raise StoreDown from error
            raise MissingObject from error
        except (BaseError, OSError) as error:
            raise StoreDown from error

    def has(self, key: str) -> bool:
        """Tell whether something lies under `key`."""
        try:
            obstore.head(self._store, key)
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise StoreDown from error
        return True

    def delete(self, key: str) -> None:
        """Remove what lies under `key`; nothing there is fine."""
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise StoreDown from error


def open_store(config: Config) -> PhotoStore:
    """Make the store that `config.photo_store_url` names: file:///folder or s3://bucket/prefix."""
    parts = urlsplit(config.photo_store_url)
    if parts.scheme == "file":
        return local_store(Path(unquote(parts.path)))
    settings: S3Config = {
        "access_key_id": config.s3_access_key,
        "secret_access_key": config.s3_secret_key,
        "region": "us-east-1",
        "virtual_hosted_style_request": False,
    }
    if config.s3_endpoint:
        settings["endpoint"] = config.s3_endpoint
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=settings,
        client_options={"allow_http": True, "connect_timeout": "3s", "timeout": "30s"},
        # A phone waits for the answer and will come again by itself: fail early rather than retry long.
        retry_config={"max_retries": 1, "retry_timeout": timedelta(seconds=8)},
    )
    return PhotoStore(store, None)


def local_store(folder: Path) -> PhotoStore:
    """Make a store in a folder, which is made too."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return PhotoStore(LocalStore(folder), folder)


def init_app(app: Flask) -> None:
    """Give the application its photo store."""
    app.extensions["photo_store"] = open_store(app.config["CURATOR"])


def photo_store() -> PhotoStore:
    """Return the current application's photo store, opening it at the first use."""
    if "photo_store" not in current_app.extensions:
        init_app(current_app)
    return cast("PhotoStore", current_app.extensions["photo_store"])


def _sync_to_disk(folder: Path, key: str) -> None:
    """Flush a file and every folder down to it: obstore renames into place but leaves the rest to the OS."""
    path = folder / key
    for place in (path, *(parent for parent in path.parents if parent.is_relative_to(folder))):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
