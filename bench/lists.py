"""Lists and search at a hundred thousand families over a thousand: the same requests to two installations, in turns."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

from sqlalchemy import select

from bench.figures import Figure, median, percentile
from bench.stage import Stage, office_cookie
from curator_app.auth.models import Organisation, Person, Role
from curator_app.clock import today
from curator_app.demo.bulk import CENTRE, fill
from curator_app.desk.service import curator_of
from curator_app.extensions import db
from curator_app.families.models import Family
from tests.support.server import LiveServer

FEW, MANY, QUICK_MANY = 1_000, 100_000, 10_000
ROUNDS, QUICK_ROUNDS = 15, 3
SEARCH_ROUNDS = 8
"""Of seven searches each: a reader has sixty a minute."""
SEARCHES = {"/families/search": "q", "/cases/find": "text"}
"""Where one searches, and the field that one types into."""
BUDGET = 2
ZONE = "Europe/Moscow"
"""Where the invented families of a load live: a role that begins tomorrow there opens nothing today."""
READERS = {"Центровая": "head of 1 000", "Всевидящая": "head of all"}
OFFICES = ("head", "intake_officer")
"""What each of them is there: one reads cases as a head, the register of signals as intake."""
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Desk:
    """One reader's office session at one installation, and what they ask there."""

    connection: HTTPConnection
    cookie: str
    token: str
    pages: dict[str, str]
    """What is read, by its name."""
    typed: tuple[str, ...]
    """What is looked for: a surname, its beginning, with a letter wrong, with a name, a street, and nobody's."""

    def read(self, path: str) -> float:
        """Return the seconds until the whole page is here."""
        return self._ask("GET", path, None, {})

    def find(self, path: str, text: str) -> float:
        """Return the seconds until it is said who was found."""
        form = urlencode({SEARCHES[path]: text, "csrf_token": self.token})
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Referer": "http://localhost/families"}
        return self._ask("POST", path, form, sent)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> float:
        began = time.perf_counter()
        self.connection.request(method, path, body, {"Cookie": self.cookie, "HX-Request": "true", **headers})
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 200:
            message = f"{path} was refused: {answer.status}"
            raise RuntimeError(message)
        return time.perf_counter() - began


def measure(stage: Stage) -> Iterator[Figure]:
    """Fill two installations on each database and ask both the same."""
    many = QUICK_MANY if stage.quick else MANY
    for kind, title in DATABASES.items():
        with ExitStack() as stack:
            servers = [stack.enter_context(stage.installation(kind)) for _size in (FEW, many)]
            yield Figure(f"{many} invented families written, {title}", _fill(servers[1], many), "s")
            _fill(servers[0], FEW)
            for surname, reader in READERS.items():
                desks = [_desk(server, surname) for server in servers]
                yield from _compare(desks, f"{reader}, {title}", many, QUICK_ROUNDS if stage.quick else ROUNDS)


def _compare(desks: list[Desk], whose: str, many: int, rounds: int) -> Iterator[Figure]:
    small, big = desks
    for name in small.pages:
        times = [(small.read(small.pages[name]), big.read(big.pages[name])) for _round in range(rounds)]
        yield from _figures(f"{name}, {whose}", times, many)
    for path, name in {"/families/search": "search", "/cases/find": "search of «Случаи»"}.items():
        times = [
            (small.find(path, few), big.find(path, lots))
            for _round in range(min(rounds, SEARCH_ROUNDS))
            for few, lots in zip(small.typed, big.typed, strict=True)
        ]
        yield from _figures(f"{name}, {whose}", times, many)
        slowest = percentile((lots for _few, lots in times), 0.95)
        yield Figure(f"{name}, {whose}: p95 at {many} families", slowest * 1000, "ms")


def _figures(name: str, times: list[tuple[float, float]], many: int) -> Iterator[Figure]:
    few, lots = median(few for few, _lots in times), median(lots for _few, lots in times)
    yield Figure(f"{name}: at {many} families", lots * 1000, "ms", few * 1000)
    yield Figure(f"{name}: {many} families over {FEW}", lots / few, "x", 1, BUDGET)


def _fill(server: LiveServer, families: int) -> float:
    """Write the families and the two readers; return the seconds."""
    with server.app() as app, app.app_context():
        began = time.monotonic()
        for _count in fill(db.session(), families, today(ZONE)):
            db.session.commit()
            db.session.expunge_all()
        seconds = time.monotonic() - began
        centres = db.session.scalars(select(Organisation).where(Organisation.name.startswith(CENTRE))).all()
        for surname, heads in zip(READERS, (centres[:1], centres), strict=True):
            person = Person(name=f"{surname} Анна Ивановна")
            db.session.add(person)
            db.session.flush()
            since = today(ZONE)
            db.session.add_all(
                Role(person_id=person.id, organisation_id=centre.id, role=office, since_on=since)
                for centre in heads
                for office in OFFICES
            )
        db.session.commit()
    return seconds


def _desk(server: LiveServer, surname: str) -> Desk:
    cookie = office_cookie(server, surname)
    connection = HTTPConnection("localhost", server.port, timeout=60)
    page, cookie = _page(connection, cookie)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if token is None:
        message = "the list has no search box"
        raise RuntimeError(message)
    with server.app() as app, app.app_context():
        reader = db.session.scalars(select(Person).where(Person.name.startswith(surname))).one()
        own = select(Family).where(Family.is_visible_to(reader, today(ZONE), Family.id)).order_by(Family.listed_as)
        middle = db.session.scalars(own.where(Family.listed_as > "о").limit(1)).one()
        name = middle.members[0].name.split()[0]
        curator = curator_of(db.session(), middle, today(ZONE))
        after, family, whose = middle.id, middle.surname, curator.id if curator else ""
    pages = {"«Семьи», first page": "/families", "«Семьи», from the middle": f"/families?after={after}"}
    pages |= {"«Сегодня»": "/today", "«Посещения»": "/visits", "«Посещения» of one curator": f"/visits?curator={whose}"}
    pages |= {"a dossier": f"/families/{after}", "its history": f"/families/{after}/history"}
    late, stage = "/cases?late=1", "/cases?stage=consilium"
    pages |= {"«Случаи»": "/cases", "«Случаи», day passed": late, "«Случаи» at one stage": stage}
    pages |= {"«Случаи» of one curator": f"/cases?curator={whose}"}
    pages |= {"the register of signals": "/signals", "what is being checked of it": "/signals?state=checking"}
    pages |= {"«Нужно поправить»": "/repairs", "«Люди»": "/people", "«Телефоны»": "/phones"}
    wrong = f"{family[:2]}ъ{family[2:]}"
    typed = (family, family[:3], wrong, f"{name} {family}", f"{family} О. В.", "Тихая 14", "Несуществующие")
    return Desk(connection, cookie, token[1], pages, typed)


def _page(connection: HTTPConnection, cookie: str) -> tuple[str, str]:
    """Return the whole list and the cookie that its token is bound to."""
    connection.request("GET", "/families", headers={"Cookie": cookie})
    answer: HTTPResponse = connection.getresponse()
    text = answer.read().decode()
    return text, (answer.getheader("Set-Cookie") or cookie).partition(";")[0]
