"""What the worker does for visits: turn the bytes of a photo into the two pictures that people see."""

from __future__ import annotations

import uuid

from curator_app.storage import PhotoStore
from curator_app.visits.photos import MadePhoto, make_photo


def develop(store: PhotoStore, photo_id: uuid.UUID, content: bytes) -> MadePhoto:
    """Make the two pictures of a photo and keep them; raises PhotoRefused and StoreDown.

    May run twice: the same bytes make the same pictures under the same keys.
    """
    made = make_photo(content)
    store.put(key_of(photo_id, "thumb"), made.thumb)
    store.put(key_of(photo_id, "full"), made.full)
    return made


def key_of(photo_id: uuid.UUID, size: str) -> str:
    """Return the store's key of a picture: `full` (JPEG) or `thumb` (WebP)."""
    return f"photos/{photo_id}.{'jpg' if size == 'full' else 'webp'}"
