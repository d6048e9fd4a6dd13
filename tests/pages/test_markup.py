"""What every rendered page keeps: the content security policy, labels, names that lead somewhere, no name in titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import select

from curator_app.assets import DIST, manifest
from curator_app.auth.models import FIELD, OFFICE
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

CONTROLS = {"input", "textarea", "select"}
POINTERS = ("aria-labelledby", "aria-describedby", "for")


class Page(HTMLParser):
    """A rendered page as lists of what the tests ask for."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.unlabelled: list[dict[str, str | None]] = []
        self.title = ""
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag; note a control outside every label."""
        values = dict(attrs)
        self.tags.append((tag, values))
        hidden = values.get("type") == "hidden"
        if tag in CONTROLS and not hidden and "label" not in self._open and "aria-label" not in values:
            self.unlabelled.append(values)
        if tag in {"label", "title"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave a label or the title."""
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        """Gather the title."""
        if "title" in self._open:
            self.title += data

    def values(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [values[name] or "" for _tag, values in self.tags if name in values]


@pytest.fixture
def people(app: Flask) -> People:
    return settle(app)


@pytest.fixture
def pages(app: Flask, people: People) -> dict[str, Page]:
    """Every page of the curator's phone and of the head's office, as text."""
    return {name: Page(html) for name, html in rendered(app, people)}


def test_nothing_that_the_content_security_policy_forbids(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        attributes = {attribute for _tag, values in page.tags for attribute in values}

        assert not {one for one in attributes if one == "style" or one.startswith("on")}, name
        for tag, values in page.tags:
            assert tag != "style", name
            assert tag != "script" or "src" in values or values.get("type") == "application/json", name


def test_every_control_has_a_label_and_every_pointer_leads_somewhere(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        ids = Counter(page.values("id"))
        pointed = {one for attribute in POINTERS for value in page.values(attribute) for one in value.split()}

        assert page.unlabelled == [], name
        assert [one for one, times in ids.items() if times > 1] == [], name
        assert pointed - set(ids) == set(), name


def test_every_picture_has_its_words_and_every_icon_is_in_the_sprite(pages: dict[str, Page]) -> None:
    sprite = (DIST / manifest()["icons.svg"].rsplit("/", 1)[1]).read_text(encoding="utf-8")
    drawn = set(re.findall(r'id="([\w-]+)"', sprite))

    for name, page in pages.items():
        used = {href.partition("#")[2] for href in page.values("href") if "icons" in href}

        assert used - drawn == set(), name
        assert all("alt" in values for tag, values in page.tags if tag == "img"), name
        assert all(values.get("aria-hidden") == "true" for tag, values in page.tags if tag == "svg"), name


def test_titles_say_the_kind_of_page_and_nobodys_name(app: Flask, people: People, pages: dict[str, Page]) -> None:
    with app.app_context():
        names = {*db.session.scalars(select(Family.surname)), *db.session.scalars(select(FamilyMember.name))}
    names |= {people.vera.name.split()[0], people.darya.name.split()[0]}

    for name, page in pages.items():
        assert page.title.strip(), name
        assert not [one for one in names if one in page.title], name


def test_no_page_shows_an_unfilled_placeholder(app: Flask, people: People) -> None:
    for name, html in rendered(app, people):
        visible = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)

        assert re.findall(r"\{\w+(?::[^}]*)?\}", visible) == [], name


def rendered(app: Flask, people: People) -> Iterator[tuple[str, str]]:
    """Render each page for a phone (fragments), for the office (whole pages) and for nobody."""
    family = f"/families/{people.ryabinkiny.id}"
    paths = ["/today", "/families", family, f"{family}/visit", "/outbox", "/more"]
    phone = sign_in(app, people.vera, FIELD)
    for path in paths:
        answer = phone.get(path, base_url=ORIGIN, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        yield f"phone {path}", answer.text
    for who, client in (("head", sign_in(app, people.darya, OFFICE)), ("office", sign_in(app, people.vera, OFFICE))):
        for path in ["/repairs", *(path for path in paths if path != "/outbox")]:
            yield f"{who} {path}", client.get(path, base_url=ORIGIN).text
    nobody = app.test_client()
    for path in ("/shell", "/enrol", "/sign-in"):
        yield path, nobody.get(path, base_url=ORIGIN).text
    client = sign_in(app, people.darya, OFFICE)
    yield "no access", client.get("/families/01932b1e-6a00-7000-8000-000000000000", base_url=ORIGIN).text
    yield "something broke", client.post(f"{family}/visits", base_url=ORIGIN).text
