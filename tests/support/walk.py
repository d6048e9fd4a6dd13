"""A curator's way through a visit by thumb: taps and keys, as on the glass."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.browser import Phone

SECTION = "housing_employment_income"
FACT = f"textarea[name='{SECTION}-fact']"


def take_kit(phone: Phone) -> None:
    """Press «Взять с собой» on «Сегодня» and wait until the phone says that it is ready."""
    phone.page.locator("[data-kit]").first.click()
    expect(phone.page.locator("[data-kit-progress]")).to_contain_text("Готово к работе без связи", timeout=60_000)
    phone.wait_for_shell()


def open_family(phone: Phone, surname: str) -> None:
    """Go to a family's dossier by «Сегодня», or by the list of families where the day does not name it."""
    shown = phone.page.locator("#app main a:visible", has_text=surname)
    if not shown.count():
        phone.page.locator("#app a[href='/families']").first.click()
        expect(phone.heading).to_have_text("Семьи")
    shown.first.click()
    expect(phone.heading).to_have_text(surname)


def begin_visit(phone: Phone) -> None:
    """Press «Начать посещение» in a dossier."""
    phone.page.locator("#app .foot a.go", has_text="Начать посещение").click()
    expect(phone.page.locator("[data-step=tasks]")).to_be_visible()


def step(phone: Phone, name: str) -> Locator:
    """Open a step from the list of tasks or by the button at the foot; return its section."""
    button = phone.page.locator(f"[data-go-step='{name}']:visible")
    if button.count() == 0:
        phone.page.locator("[data-go-step=tasks]:visible").first.click()
    button.first.click()
    section = phone.page.locator(f"[data-step='{name}']")
    expect(section).to_be_visible()
    return section


def meet(phone: Phone, who: str = "Анна") -> None:
    """Say that one met, and who was at home."""
    meeting = step(phone, "meeting")
    meeting.get_by_text("Встретились", exact=True).click()
    meeting.locator("label.chip", has_text=who).first.click()


def saved(phone: Phone) -> None:
    """Wait until the form says that the phone has it."""
    expect(phone.page.locator("[data-saved-line]")).to_contain_text("Сохранено на телефоне", timeout=10_000)


def allow_photos(phone: Phone, place: str = "place_kitchen", purpose: str = "purpose_better", who: str = "") -> None:
    """Tap the place, the purpose and the adult (the first of the card, or named) who allowed it."""
    asked = phone.page.locator("[data-permission]")
    for ask, value in (("place", place), ("purpose", purpose)):
        asked.locator("label.chip", has=phone.page.locator(f"[data-ask={ask}][value={value}]")).click()
    asked.locator("label.chip", has=phone.page.locator("[data-ask=who]")).filter(has_text=who).first.click()


def add_photos(phone: Phone, files: list[Path], place: str = "place_kitchen") -> None:
    """Choose pictures in the photo step, of a place that an adult allowed."""
    step(phone, "photos")
    allow_photos(phone, place)
    phone.page.locator("[data-photo-input=file]").set_input_files(files)
    tiles = phone.page.locator("[data-photo-list] > li")
    expect(tiles).to_have_count(len(files), timeout=60_000)


def finish(phone: Phone) -> None:
    """Read «Проверьте» and press «Готово»."""
    step(phone, "check")
    phone.page.locator("[data-finish]:visible").click()
    expect(phone.heading).to_have_text("Готово, запечатано", timeout=30_000)


def kill_renderers(context: BrowserContext) -> None:
    """End the pages' processes as Android does when memory is short: no event reaches anybody."""
    assert context.browser is not None
    session = context.browser.new_browser_cdp_session()

    def renderers() -> set[int]:
        found = session.send("SystemInfo.getProcessInfo")["processInfo"]
        return {process["id"] for process in found if process["type"] == "renderer"}

    killed = renderers()
    for process in killed:
        os.kill(process, signal.SIGKILL)
    # A page opened in a spare process of which the browser does not know yet that it died is never ready.
    deadline = time.monotonic() + 10
    while killed & renderers() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.5)
    session.detach()


def _new_page(context: BrowserContext) -> Page:
    """Open a page; the first try may get the spare process that was killed with the others."""
    for _ in range(5):
        with suppress(Exception):
            return context.new_page()
    return context.new_page()


def phone_of_new_page(context: BrowserContext, origin: str, words: list[str]) -> Phone:
    """Open the app anew in a browser whose pages have died."""
    page = _new_page(context)
    for dead in context.pages[:-1]:
        with suppress(Exception):
            dead.close()
    phone = Phone(origin, context, page, context.new_cdp_session(page), "")
    phone.words = words
    return phone


def kill_browser(profile: Path) -> None:
    """End the whole browser that runs on this profile, as an empty battery does."""
    mine = [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(profile) in argument for argument in process.info["cmdline"] or [])
    ]
    assert mine, "no browser runs on that profile"
    for process in mine:
        process.kill()
    psutil.wait_procs(mine, timeout=10)
