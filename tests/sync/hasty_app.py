"""An installation that lies: it gives receipts half a second before it commits. The crash loop must find it out."""

from __future__ import annotations

import base64
import shutil
import threading
import uuid
from typing import Any

from curator_app.application import create_app
from curator_app.sync import uploads
from curator_app.sync.partials import Partial

HASTE_SECONDS = 0.5

app = create_app()
keep = uploads._keep


def answer_first(
    enrolment_id: uuid.UUID, call: uploads.Announced, partial: Partial
) -> tuple[uuid.UUID, dict[str, Any]]:
    """Promise now, keep later."""
    aside = partial.path.with_suffix(".later")
    shutil.copyfile(partial.path, aside)
    later = Partial(aside, partial.claim, b"")

    def commit() -> None:
        with app.app_context():
            keep(enrolment_id, call, later)

    threading.Timer(HASTE_SECONDS, commit).start()
    digest = base64.b64encode(call.digest).decode()
    return uuid.UUID(int=0), {
        "id": str(call.header.id),
        "seq": 0,
        "number": None,
        "state": "received",
        "sha256": digest,
    }


uploads._keep = answer_first
