"""The model test's world: a server, three curators with phones, a network before each, copies of the server."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import exists, or_, select, update

from curator_app.auth import revoking
from curator_app.auth.models import ACTIVE, Enrolment, SignIn
from curator_app.clock import now
from curator_app.extensions import db
from curator_app.subjects.models import Assignment, Subject
from curator_app.sync import jobs
from curator_app.sync.keys import public_key_of
from curator_app.sync.kinds import PHOTO
from curator_app.sync.models import RECEIVED, Envelope
from curator_app.visits.models import Photo
from tests.model.copies import Copies
from tests.model.hands import Hand, phone_behind, settle
from tests.model.phones import TODAYS
from tests.support.databases import ROOT
from tests.support.days import demo_day
from tests.support.server import LiveServer
from tests.visits.pictures import jpeg

SURNAMES = ("Туманова", "Туманова", "Полевой")
"""Two phones of one curator, one of a curator elsewhere."""
RELEASES = sorted((ROOT / "tests" / "queue_fixtures").glob("*/client.mjs"))
PICTURES = 12


class World:
    """Everything that a step may touch. Made by `made`."""

    def __init__(self, server: LiveServer, app: Flask, copies: Copies, hands: list[Hand]) -> None:
        """Take a running server, an application beside it, its copies and the curators."""
        self.server = server
        self.hands = hands
        self.retired: list[tuple[Hand, str]] = []
        self.day = demo_day().isoformat()
        self._app = app
        self._copies = copies
        self._handed_over: set[str] = set()
        self._pictures = [jpeg((120 + 40 * n, 90 + 30 * n), quality=40 + 4 * n) for n in range(PICTURES)]

    @contextmanager
    def looking(self) -> Iterator[Flask]:
        """Lend the application beside the server, with a session of its own."""
        with self._app.app_context():
            yield self._app
            db.session.rollback()

    @property
    def everybody(self) -> list[Hand]:
        """Every phone that ever was."""
        return [*self.hands, *(hand for hand, _ in self.retired)]

    def pictures(self, which: float, count: int) -> list[str]:
        """Return some pictures as base64."""
        start = int(which * PICTURES)
        return [base64.b64encode(self._pictures[(start + n) % PICTURES]).decode() for n in range(count)]

    def sweep(self) -> None:
        """Do what the schedule does every minute."""
        with self.looking():
            jobs.sweep()

    def has_work(self) -> bool:
        """Tell whether the server has something to apply or a picture to make."""
        texts = select(Envelope.id).where(Envelope.state == RECEIVED, Envelope.kind != PHOTO)
        # Also what a worker that was killed still holds.
        here = or_(Envelope.about_id.is_(None), exists().where(Photo.id == Envelope.about_id))
        photos = select(Envelope.id).where(Envelope.state == RECEIVED, Envelope.kind == PHOTO, here)
        with self.looking():
            return any(db.session.execute(query.limit(1)).first() for query in (texts, photos))

    def minutes_pass_here(self) -> None:
        """Let claims of a worker that died run out, and do what its successor does then: nobody waits for that here."""
        with self.looking():
            held = Envelope.claimed_at.is_not(None), Envelope.state == RECEIVED
            db.session.execute(update(Envelope).where(*held).values(claimed_at=now() - 2 * jobs.CLAIM_LIVES))
            db.session.commit()
            jobs.apply_pending()
            jobs.drain_photos()

    def back_up(self) -> None:
        """Take a copy of what the server has."""
        self._copies.take(self._app)

    def forget_backups(self) -> None:
        """No copy from before this moment comes back."""
        self._copies.forget()

    def restore(self) -> None:
        """Set the server back to its last copy."""
        if self._copies.last is None:
            return
        for name in ("web", "worker"):
            self.server.kill(name)
        with self._app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        self._copies.put_back()
        self.server.start_web()
        self.server.start_process("worker")

    def retire(self, hand: Hand, way: str) -> None:
        """Switch a phone off, as lost or handed in, and give its owner another. No older copy knows the new one."""
        hand.phone.kill()
        self.retired.append((hand, way))
        self.switch_off(hand, way)
        folder = hand.phone.folder.with_name(f"phone-{len(self.hands) + len(self.retired)}")
        phone, proxy = phone_behind(folder, self.server.port, TODAYS)
        new = settle(self._app, hand.person.name, phone, proxy, public_key_of(self._app.config["CURATOR"]))
        new.families = hand.families
        self.hands[self.hands.index(hand)] = new
        self.forget_backups()

    def switch_off(self, hand: Hand, way: str) -> None:
        """Order it; again where a restore has made the server forget that it did."""
        with self.looking():
            enrolment = db.session.scalars(select(Enrolment).where(Enrolment.short == hand.short)).one()
            if enrolment.state == ACTIVE:
                by = SignIn(person_id=hand.person.id, enrolment_id=enrolment.id)
                revoking.switch_off(db.session(), enrolment, way, by)
                db.session.commit()

    def assign(self, hand: Hand, family: str, *, is_theirs: bool) -> None:
        """Give a family to the curator, or take it away as of yesterday."""
        with self.looking():
            subjects = select(Subject.id).where(Subject.family_id == uuid.UUID(family))
            mine = Assignment.person_id == hand.person.id
            for row in db.session.scalars(select(Assignment).where(mine, Assignment.subject_id.in_(subjects))):
                row.until_on = None if is_theirs else demo_day() - timedelta(days=1)
            db.session.commit()
        if not is_theirs:
            self._handed_over.add(family)

    def was_handed_over(self, family: str) -> bool:
        """Tell whether the family ever left its curator's hands."""
        return family in self._handed_over


@contextmanager
def made(folder: Path, server: LiveServer, copies: Copies) -> Iterator[World]:
    """Make a world around a running server; its phones begin with the last release's client."""
    with server.app() as app:
        world = World(server, app, copies, [])
        sync = public_key_of(app.config["CURATOR"])
        try:
            for number, surname in enumerate(SURNAMES):
                client = RELEASES[-1] if number else TODAYS
                phone, proxy = phone_behind(folder / f"phone-{number}", server.port, client)
                world.hands.append(settle(app, surname, phone, proxy, sync))
            yield world
        finally:
            for hand in world.everybody:
                if hand.phone.is_on:
                    hand.phone.kill()
                hand.proxy.close()
