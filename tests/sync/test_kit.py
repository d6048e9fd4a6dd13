"""The field kit: own families and nobody else's, whole once, almost nothing after that."""

from __future__ import annotations

import base64
import json
import re
from datetime import date
from typing import Any

import brotli
import pytest

from curator_app.audit.models import AuditRow
from curator_app.auth.models import FIELD
from curator_app.sync import kit
from tests.protocol_client import photo_body, uuid7, visit_body
from tests.support import people as cast
from tests.support.people import ORIGIN
from tests.sync.conftest import hand_over
from tests.visits import pictures

THUMB_BYTES = 10 * 1024


class Bag:
    """A signed-in phone that takes kits and remembers what it has."""

    def __init__(self, app, person) -> None:
        self.client = cast.sign_in(app, person, FIELD)
        self.csrf = self.client.get("/session", base_url=ORIGIN).json["csrf"]
        self.families: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        self.size = 0

    def take(self, **headers: str) -> list[dict[str, Any]]:
        response = self.client.post(
            "/kit",
            json={"families": self.families, "pages": self.pages},
            headers={"X-CSRFToken": self.csrf, "Referer": f"{ORIGIN}/today", **headers},
            base_url=ORIGIN,
        )
        assert response.status_code == 200
        content = response.data
        self.size = len(content)
        if response.headers.get("Content-Encoding") == "br":
            content = brotli.decompress(content)
        lines = [json.loads(line) for line in content.splitlines()]
        self.families |= {line["id"]: line["version"] for line in lines if line["t"] == "family"}
        self.pages |= {
            line["url"]: line["version"] for line in lines if line["t"] == "page" and "/families/" not in line["url"]
        }
        return lines


def of_kind(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["t"] == kind]


@pytest.fixture
def bag(app, people) -> Bag:
    return Bag(app, people.vera)


def test_the_first_kit_holds_every_page_of_every_own_family(bag, people):
    lines = bag.take()

    urls = [line["url"] for line in of_kind(lines, "page")]
    assert urls[:5] == ["/today", "/families", "/plan", "/outbox", "/more"]
    for family in of_kind(lines, "family"):
        assert {f"/families/{family['id']}", f"/families/{family['id']}/visit"} <= set(urls)
    assert str(people.ryabinkiny.id) in bag.families
    assert str(people.podorozhnikovy.id) not in bag.families
    assert lines[0]["t"] == "begin"
    assert lines[0]["families"] == len(bag.families)
    assert lines[-1]["t"] == "end"
    assert lines[-1]["key"]["kid"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_strangers_name_is_nowhere_in_it(bag, people):
    assert people.podorozhnikovy.surname not in json.dumps(bag.take(), ensure_ascii=False)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_unchanged_kit_is_one_small_answer_that_renders_nothing(bag, monkeypatch):
    bag.take()
    for url in kit.GENERAL:
        monkeypatch.setitem(kit.GENERAL, url, lambda *_, **__: pytest.fail("it was rendered"))
    for url in kit.OF_A_FAMILY:
        monkeypatch.setitem(kit.OF_A_FAMILY, url, lambda *_, **__: pytest.fail("it was rendered"))

    lines = bag.take()

    assert [line["t"] for line in lines] == ["begin", "same", "gone", "end"]
    assert of_kind(lines, "same")[0]["families"]
    assert bag.size <= 2048


def test_after_a_visit_only_that_family_comes_again(bag, phone, family):
    bag.take()
    phone.patch(phone.seal("visit", visit_body(family)[1]))

    lines = bag.take()

    assert [line["id"] for line in of_kind(lines, "family")] == [family]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_broken_stream_is_taken_up_where_it_broke(bag):
    lines = bag.take()
    first = of_kind(lines, "family")[0]
    bag.families = {first["id"]: first["version"]}

    again = bag.take()

    assert first["id"] not in {line["id"] for line in of_kind(again, "family")}
    assert of_kind(again, "same")[0]["families"] == [first["id"]]


def test_a_family_that_was_handed_over_is_gone(app, bag, people, family):
    bag.take()
    hand_over(app, people.vera, date(2020, 1, 1))

    lines = bag.take()

    assert family in of_kind(lines, "gone")[0]["families"]
    assert of_kind(lines, "family") == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_thumbnails_come_along_small_and_few(bag, phone, family, work):
    photos = [(uuid7(), pictures.camera_jpeg((900, 600), 1)) for _ in range(5)]
    visit, body = visit_body(family, photos)
    phone.patch(phone.seal("visit", body))
    for photo, jpeg in photos:
        phone.patch(phone.seal("photo", photo_body(photo, visit, jpeg)))
    work()

    lines = bag.take()

    thumbs = [base64.b64decode(line["b64"]) for line in of_kind(lines, "photo")]
    assert len(thumbs) == 3
    assert all(len(thumb) <= THUMB_BYTES and thumb[8:12] == b"WEBP" for thumb in thumbs)
    where = [line["t"] for line in lines]
    assert where.index("photo") < len(where) - where[::-1].index("family")


def test_taking_it_along_is_written_down_family_by_family(bag, stored):
    bag.take()
    rows = stored(AuditRow, act="kit:taken")
    assert {str(row.family_id) for row in rows} == set(bag.families)

    bag.take()
    assert len(stored(AuditRow, act="kit:taken")) == len(rows)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_pages_of_the_kit_are_fragments_without_token_and_without_ids_of_the_servers(bag):
    for line in of_kind(bag.take(), "page"):
        assert "csrf_token" not in line["html"]
        assert "<html" not in line["html"].lower()
        assert not re.search(r'name="id"\s+value="[0-9a-f]', line["html"])
        assert not re.search(r"\d+ (минут\w*|час\w*) назад", line["html"])


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_it_is_compressed_where_the_phone_can(bag):
    bag.take()
    plain = bag.size
    bag.families, bag.pages = {}, {}

    bag.take(**{"Accept-Encoding": "gzip, br"})

    assert bag.size < plain / 2


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_without_a_session_or_a_token_there_is_no_kit(app, bag):
    body = {"families": {}, "pages": {}}
    assert app.test_client().post("/kit", json=body, base_url=ORIGIN).status_code in {400, 401}
    assert bag.client.post("/kit", json=body, base_url=ORIGIN).status_code == 400
    assert (
        bag.client.post("/kit", json={"families": []}, headers={"X-CSRFToken": bag.csrf}, base_url=ORIGIN).status_code
        == 400
    )


def test_a_head_without_a_field_phone_may_ask_and_gets_her_organisations_families(app, people):
    assert str(people.ryabinkiny.id) in {line["id"] for line in of_kind(Bag(app, people.darya).take(), "family")}
