"""Records at the office: written anew with nothing lost, copied from paper with scans, the leaflet, the blank."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from curator_app.extensions import db
from curator_app.families.models import FamilyMember
from curator_app.storage import photo_store
from curator_app.visits.models import ChildWords, Photo, Visit
from tests.support.days import demo_day
from tests.support.people import ORIGIN, People, settle, sign_in
from tests.visits.pictures import camera_jpeg

SECTION = "housing_employment_income"
FACT = "Долг 7 350 ₽"
BETTER = "Долг 2 900 ₽"
SAID = "хочу на робототехнику"


def _huge() -> bytes:
    """A picture of few bytes and too many dots."""
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    return out.getvalue()


HUGE = _huge()

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def people(app: Flask) -> People:
    app.config["WTF_CSRF_ENABLED"] = False
    return settle(app)


@pytest.fixture
def vera(app: Flask, people: People) -> FlaskClient:
    return sign_in(app, people.vera)


def fields(**more: str) -> dict[str, Any]:
    """A little visit as the office posts it."""
    least = {"id": str(uuid.uuid4()), "on": demo_day().isoformat(), "outcome": "visit", "form_version": "visit@2"}
    return {**least, f"{SECTION}-fact": FACT, **more}


def post(client: FlaskClient, people: People, **more: Any) -> TestResponse:
    """Post a visit of the Ryabinkins."""
    return client.post(f"/families/{people.ryabinkiny.id}/visits", data=fields(**more), base_url=ORIGIN)


def read(client: FlaskClient, path: str) -> str:
    """Open a page."""
    answer = client.get(path, base_url=ORIGIN)
    assert answer.status_code == 200, path
    return answer.text


def newest(app: Flask) -> Visit:
    """The visit that was received last."""
    with app.app_context():
        visit = db.session.scalars(select(Visit).order_by(Visit.received_at.desc(), Visit.number.desc())).first()
        assert visit is not None
        return visit


def child(app: Flask, people: People) -> str:
    """The id of a child of the Ryabinkins."""
    with app.app_context():
        query = select(FamilyMember.id).where(FamilyMember.family_id == people.ryabinkiny.id)
        return str(db.session.scalars(query.where(FamilyMember.kind == "child")).first())


def scan(content: bytes = b"", name: str = "бланк.jpg") -> tuple[io.BytesIO, str]:
    """A picture of a paper, as a browser sends it."""
    return io.BytesIO(content or camera_jpeg((900, 600), 1)), name


def test_a_record_written_anew_takes_the_place_of_the_old_one(app: Flask, people: People, vera: FlaskClient) -> None:
    post(vera, people, finish="later")
    first = newest(app)
    page = read(vera, f"/visits/{first.id}/edit")
    assert FACT in page
    assert f'action="/visits/{first.id}/edit"' in page
    own_id = re.findall(r'name="id" value="([^"]+)"', page)[0]

    answer = vera.post(
        f"/visits/{first.id}/edit", data=fields(id=own_id, **{f"{SECTION}-fact": BETTER}), base_url=ORIGIN
    )

    assert (answer.status_code, answer.location) == (303, f"/families/{people.ryabinkiny.id}")
    second = newest(app)
    assert (str(second.id), second.supersedes_id, second.unfinished) == (own_id, first.id, False)
    dossier = read(vera, f"/families/{people.ryabinkiny.id}")
    assert BETTER in dossier
    assert FACT not in dossier
    assert "Исправлено" in dossier


def test_what_was_to_be_written_later_waits_on_today_until_it_is(app: Flask, people: People, vera: FlaskClient) -> None:
    assert "Нужно дописать" not in read(vera, "/today")
    post(vera, people, finish="later")
    first = newest(app)
    assert f"/visits/{first.id}/edit" in read(vera, "/today")
    assert f"/visits/{first.id}/edit" not in read(sign_in(app, people.darya), "/today")

    vera.post(f"/visits/{first.id}/edit", data=fields(), base_url=ORIGIN)

    assert "Нужно дописать" not in read(vera, "/today")


def test_the_older_version_stays_reachable_for_the_head(app: Flask, people: People, vera: FlaskClient) -> None:
    post(vera, people)
    first = newest(app)
    vera.post(f"/visits/{first.id}/edit", data=fields(**{f"{SECTION}-fact": BETTER}), base_url=ORIGIN)
    darya = sign_in(app, people.darya)

    assert f"/visits/{first.id}" in read(darya, f"/families/{people.ryabinkiny.id}")
    assert f"/visits/{newest(app).id}/edit" not in read(darya, f"/families/{people.ryabinkiny.id}")
    old = read(darya, f"/visits/{first.id}")
    assert FACT in old
    assert f"/visits/{newest(app).id}" in old
    answer = vera.get(f"/visits/{first.id}/edit", base_url=ORIGIN)
    assert (answer.status_code, answer.location) == (303, f"/visits/{newest(app).id}/edit")


def test_a_correction_at_the_office_loses_neither_the_childs_words_nor_what_it_does_not_ask(
    app: Flask, people: People, vera: FlaskClient
) -> None:
    photo = str(uuid.uuid4())
    announced = {"photos-0-id": photo, "photos-0-sha256": "a" * 64, "photos-0-place": "place_kitchen"}
    post(vera, people, **{f"child_words@{child(app, people)}-verbatim": SAID}, **announced)
    first = newest(app)
    assert SAID not in str(first.fields)

    vera.post(f"/visits/{first.id}/edit", data=fields(**{f"{SECTION}-fact": BETTER}), base_url=ORIGIN)

    with app.app_context():
        current = db.session.scalars(select(Visit).where(Visit.supersedes_id == first.id)).one()
        words = db.session.scalars(select(ChildWords).where(ChildWords.visit_id == current.id)).all()
        assert [one.verbatim for one in words] == [SAID]
        assert db.session.get_one(Photo, uuid.UUID(photo)).visit_id == current.id


def test_a_refused_correction_keeps_what_was_typed(app: Flask, people: People, vera: FlaskClient) -> None:
    post(vera, people)
    first = newest(app)

    answer = vera.post(f"/visits/{first.id}/edit", data=fields(on="", **{f"{SECTION}-fact": BETTER}), base_url=ORIGIN)

    assert answer.status_code == 422
    assert BETTER in answer.text
    assert newest(app).id == first.id


def test_a_paper_is_copied_with_its_scans(app: Flask, people: People, vera: FlaskClient) -> None:
    page = read(vera, f"/families/{people.ryabinkiny.id}/visit?paper=1")
    assert 'enctype="multipart/form-data"' in page
    assert 'name="paper_by"' in page

    answer = post(vera, people, paper="1", paper_by="Осокина Д. А.", scan=[scan(), scan(name="оборот.jpg")])

    assert answer.status_code == 303
    with app.app_context():
        visit = db.session.get_one(Visit, newest(app).id)
        assert visit.paper_by == "Осокина Д. А."
        assert [(one.place, one.caption, one.state) for one in visit.photos] == [
            ("place_document", "Запись на бумаге", "ready")
        ] * 2
        for one in visit.photos:
            assert photo_store().get(f"photos/{one.id}.jpg")[:2] == b"\xff\xd8"
            assert photo_store().get(f"photos/{one.id}.webp")
    assert "Осокина Д. А." in read(vera, f"/families/{people.ryabinkiny.id}")


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"paper_by": ""}, "paper_by", "кто писал"),
        ({"scan": [(io.BytesIO(b"%PDF-1.7 not a picture"), "бланк.pdf")]}, "scan", "не похож на снимок"),
        ({"scan": [(io.BytesIO(HUGE), "велик.png")]}, "scan", "слишком большой"),
        ({"scan": [(io.BytesIO(b"x"), f"{n}.jpg") for n in range(7)]}, "scan", "больше шести"),
    ],
)
def test_a_refused_paper_says_why_and_keeps_all_that_was_typed(
    app: Flask, people: People, vera: FlaskClient, more: dict[str, Any], field: str, words: str
) -> None:
    before = newest(app).id

    answer = post(vera, people, **{"paper": "1", "paper_by": "Осокина", **more})

    assert answer.status_code == 422
    assert words in re.findall(rf'id="{field}-wrong">([^<]*)<', answer.text)[0]
    assert FACT in answer.text
    assert 'name="paper_by"' in answer.text
    assert newest(app).id == before


def test_a_leaflet_says_what_was_agreed_and_whom_to_call(app: Flask, people: People, vera: FlaskClient) -> None:
    promise = {"id": str(uuid.uuid4()), "side": "ours", "what": "Узнать о кружке", "due": "2030-12-01"}
    agreed = {f"promises-0-{key}": value for key, value in promise.items()}
    said = {f"{SECTION}-strengths": "home_warm", "attempt_words": "слова соседей", f"{SECTION}-conclusion": "мой вывод"}
    words = {f"child_words@{child(app, people)}-verbatim": SAID}
    post(vera, people, next_on="2030-12-03", next_time="15:00", **agreed, **said, **words)

    page = read(vera, f"/visits/{newest(app).id}/leaflet")

    for text in ("Дома тепло", "Узнать о кружке — до 1 декабря 2030", "3 декабря 2030, 15:00", "8-800-2000-122", "112"):
        assert text in page
    for secret in ("слова соседей", "мой вывод", SAID, FACT, people.ryabinkiny.address):
        assert secret not in page


def test_the_blank_has_the_forms_order_and_nobodys_data(app: Flask, vera: FlaskClient) -> None:
    page = read(vera, "/visit-blank")

    titles = re.findall(r"<h2>([^<]+)</h2>", page)
    assert titles[:3] == ["Встреча", "Безопасность сейчас", "Условия жизни"]
    assert titles[-1] == "Прочитали вместе"
    assert "Дома тепло" in page
    with app.app_context():
        names = set(db.session.scalars(select(FamilyMember.name)))
    body = page.split("blank-form")[1]
    assert not [name for name in names if re.search(rf"\b{name}\b", body)]
