"""Who gets in: an administrator or a head, at a desk."""

from __future__ import annotations

from curator_app.auth.access import at_a_desk
from curator_app.auth.models import ADMINISTRATOR, HEAD

looks_after = at_a_desk(HEAD, ADMINISTRATOR)
administers = at_a_desk(ADMINISTRATOR)
heads = at_a_desk(HEAD)
