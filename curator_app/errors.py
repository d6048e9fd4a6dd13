"""What can go wrong, as types; one handler turns each into a page, a fragment or JSON."""

from __future__ import annotations


class CuratorError(Exception):
    """A refusal a person reads: `refusal` names the sentence in texts/app.toml [refusals]."""

    status = 500
    refusal = "something_broke"

    def __init__(self, refusal: str | None = None, **values: object) -> None:
        """Take the id of another sentence, and the values of its {placeholders}."""
        super().__init__(refusal or self.refusal)
        self.refusal = refusal or self.refusal
        self.values = values


class NotVisible(CuratorError):
    """There is no such thing, or it is not for this person: both look the same."""

    status = 404
    refusal = "no_access"


class SignInNeeded(CuratorError):
    """Nobody is signed in."""

    status = 401
    refusal = "signin_needed"


class NotAllowed(CuratorError):
    """The person is known and may not do this."""

    status = 403
    refusal = "no_access"


class Conflict(CuratorError):
    """Somebody was first, or the same id came with other content."""

    status = 409
    refusal = "same_id_other_text"


class Gone(CuratorError):
    """It was here and is used up: a one-time link."""

    status = 410
    refusal = "link_used"


class Refused(CuratorError):
    """Fields do not hold together; `fields` maps a field's name to a sentence."""

    status = 422
    refusal = "field_empty"

    def __init__(self, refusal: str | None = None, *, fields: dict[str, str] | None = None, **values: object) -> None:
        """Take the sentences by field."""
        super().__init__(refusal, **values)
        self.fields = fields or {}


class TooFast(CuratorError):
    """More was asked for in a minute than a person reads."""

    status = 429
    refusal = "too_fast"

    def __init__(self, seconds: int) -> None:
        """Take how long to wait."""
        super().__init__(n=seconds)
        self.retry_after_seconds = seconds


class TryLater(CuratorError):
    """Something we need is down for a moment; the same request may pass later."""

    status = 503
    refusal = "server_busy"
    retry_after_seconds = 30
