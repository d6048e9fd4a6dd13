"""What the tests of sending do with a phone: finish a visit, look at its outbox, look at what the server has."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.models import Visit
from tests.support.browser import Phone
from tests.support.server import LiveServer

PATIENCE_SECONDS = 20.0
FILL = """(word) => {
  const form = document.querySelector('#visit-form');
  const change = (element) => {
    for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true }));
  };
  const tick = (name, value) => {
    const element = form.querySelector(`[name="${name}"]${value ? `[value="${value}"]` : ''}`);
    element.checked = true;
    change(element);
  };
  const type = (name, text) => {
    const element = form.querySelector(`[name="${name}"]`);
    element.value = text;
    change(element);
  };
  type('started', '14:05');
  type('ended', '14:50');
  tick('outcome', 'visit');
  tick('where', 'at_home');
  tick('who_home');
  type('good_today', word);
}"""
ALLOW = """() => {
  for (const ask of ['place', 'purpose', 'who']) {
    const answer = document.querySelector(`[data-ask="${ask}"]`);
    answer.checked = true;
    answer.dispatchEvent(new Event('change', { bubbles: true }));
  }
}"""
ROWS = """(short) => new Promise((resolve, reject) => {
  const opening = indexedDB.open(`curator-${short}`);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const rows = opening.result.transaction('outbox').objectStore('outbox').getAll();
    rows.onsuccess = () => {
      resolve(rows.result.map(({ kind, state, trouble, applied }) => ({ kind, state, trouble, applied })));
      opening.result.close();
    };
  };
})"""
SHORT = """() => new Promise((resolve) => {
  const opening = indexedDB.open('curator');
  opening.onsuccess = () => {
    const all = opening.result.transaction('enrolments').objectStore('enrolments').getAll();
    all.onsuccess = () => { resolve(all.result.find(({ active }) => active).short); opening.result.close(); };
  };
})"""


def finish_visit(phone: Phone, word: str, photo: Path | None = None) -> None:
    """Fill the visit form of the page that stands there, add a photo, and press «Готово»."""
    page = phone.page
    page.evaluate(FILL, word)
    if photo is not None:
        page.evaluate(ALLOW)
        page.locator("[data-photo-input=file]").set_input_files(photo)
        expect(page.locator("[data-photo-list] img")).to_have_count(1)
    page.evaluate("document.querySelector('#visit-form').requestSubmit(document.querySelector('[data-finish]'))")
    expect(phone.heading).to_have_text("Готово, запечатано")


def rows(phone: Phone) -> list[dict[str, Any]]:
    """Return the clear lines of the outbox: kind, state, trouble, applied."""
    found: list[dict[str, Any]] = phone.page.evaluate(ROWS, phone.page.evaluate(SHORT))
    return found


def states(phone: Phone) -> list[str]:
    """Return the states of the outbox's envelopes."""
    return [row["state"] for row in rows(phone)]


def visits_with(server: LiveServer, word: str) -> list[tuple[int | None, list[str]]]:
    """Return the server's visits in which this was written: number and the states of the photos."""
    with server.app() as app, app.app_context():
        found = db.session.scalars(select(Visit)).all()
        return [
            (visit.number, [photo.state for photo in visit.photos])
            for visit in found
            if ["good_today", word] in [list(pair) for pair in visit.fields]
        ]


def wait_until(phone: Phone, true: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until `true()`; the browser's events go on meanwhile."""
    deadline = time.monotonic() + seconds
    pages = phone.context.pages
    while not true():
        if time.monotonic() > deadline:
            message = f"not within {seconds} s"
            raise AssertionError(message)
        pages[-1].wait_for_timeout(200)
