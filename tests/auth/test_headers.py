"""What every answer says to the browser: nothing personal stays on its disk, nothing foreign runs in its pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.people import ORIGIN, People, settle, sign_in

pytestmark = pytest.mark.pages

PUBLIC = {"/shell", "/sw.js", "/manifest.webmanifest", "/enrol/words.json"}
LOOKING_BACK = ("/visits", *(f"/families/{{family}}/{page}" for page in ("history", "photos", "visits")))
FAMILY = ("/families", "/families/{family}", "/families/{family}/visit")
PERSONAL = ("/today", *FAMILY, *LOOKING_BACK, "/more", "/repairs", "/session")


@pytest.fixture
def people(app: Flask) -> People:
    """The three of the demonstration and an administrator."""
    return settle(app)


def test_a_personal_answer_never_reaches_the_disk(app: Flask, people: People) -> None:
    client = sign_in(app, people.vera)
    addresses = [path.format(family=people.ryabinkiny.id) for path in PERSONAL]

    for headers in ({"HX-Request": "true"}, {}):
        answers = {path: client.get(path, headers=headers, base_url=ORIGIN) for path in addresses}

        assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(addresses, 200)
        kept = {path: answer.headers["Cache-Control"] for path, answer in answers.items()}
        assert kept == dict.fromkeys(addresses, "no-store"), headers


@pytest.mark.on_both
def test_refusals_are_not_kept_either(app: Flask, people: People) -> None:
    stranger = sign_in(app, people.igor)

    answer = stranger.get(f"/families/{people.ryabinkiny.id}", base_url=ORIGIN)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_what_may_be_kept_is_the_same_for_everybody(app: Flask, people: People, path: str) -> None:
    vera = sign_in(app, people.vera)

    with vera.get(path, base_url=ORIGIN) as hers, app.test_client().get(path, base_url=ORIGIN) as nobodys:
        assert "no-store" not in hers.headers["Cache-Control"]
        assert hers.data == nobodys.data


@pytest.mark.parametrize("path", ["/today", "/sign-in", "/enrol", "/no-such-page", *sorted(PUBLIC)])
def test_no_foreign_code_no_frames_no_referrer(app: Flask, path: str) -> None:
    with app.test_client().get(path, base_url=ORIGIN) as answer:
        answer.get_data()

    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Permissions-Policy"].startswith("camera=(self), ")
    assert "microphone=()" in answer.headers["Permissions-Policy"]
