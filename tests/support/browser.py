"""A real Chromium as a curator's phone: a passkey in a virtual authenticator, the lock, the network on and off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, Playwright, ViewportSize, expect

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""A camera that shows a moving pattern, and a hand that allows it."""
SCREEN = ViewportSize(width=390, height=844)
AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SHELL_READY = """() => Promise.race([
  navigator.serviceWorker.ready.then(() => true),
  new Promise((resolve) => setTimeout(() => resolve(false), 20000)),
])"""
SILENT = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION", "Failed to load resource")


def launch(playwright: Playwright, *more: str) -> Browser:
    """Start Debian's Chromium without a window, with `more` arguments such as CAMERA."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])


def open_phone(browser: Browser, origin: str, *, prf: bool = True) -> Phone:
    """Open a phone with nothing on it; `prf` False is one whose passkeys give no secret."""
    return phone_of(browser.new_context(viewport=SCREEN, locale="ru-RU"), origin, prf=prf)


def phone_of(context: BrowserContext, origin: str, *, prf: bool = True) -> Phone:
    """Make a phone of a context (a persistent one survives the browser's death)."""
    context.set_default_timeout(15_000)
    page = context.pages[0] if context.pages else context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable", {"enableUI": False})
    options = {**AUTHENTICATOR, "hasPrf": prf}
    key = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    phone = Phone(origin, context, page, cdp, key)
    page.on("console", phone.hear)
    page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    return phone


@dataclass
class Phone:
    """One browser of one person. `words` is the reserve phrase once enrolled, `complaints` what went wrong inside."""

    origin: str
    context: BrowserContext
    page: Page
    cdp: CDPSession
    authenticator: str

    def __post_init__(self) -> None:
        """Begin with an empty memory."""
        self.words: list[str] = []
        self.complaints: list[str] = []

    def hear(self, message: Any) -> None:
        """Keep what the page's console says is wrong; a missing network is no complaint."""
        if message.type == "error" and not any(text in message.text for text in SILENT):
            self.complaints.append(message.text)

    # ── Enrolment ──

    def step(self, name: str) -> Locator:
        """Return a step of the enrolment page."""
        return self.page.locator(f'[data-enrol-step="{name}"]')

    def press_next(self, name: str) -> None:
        """Press the one button of a step."""
        self.step(name).locator("[data-next]").click()

    def enrol(self, link: str) -> None:
        """Go through a field enrolment and land before the lock of «Сегодня»."""
        self.enrol_to_words(link)
        self.press_next("phrase")
        self.type_back(self.words)
        self.press_next("done")
        self.page.wait_for_url("**/today")

    def enrol_to_words(self, link: str) -> None:
        """Go as far as the reserve phrase, and note it down."""
        self.page.goto(link)
        self.press_next("check")
        self.press_next("passkey")
        shown = self.step("phrase").locator("ol li")
        expect(shown).to_have_count(6)
        self.words = shown.all_inner_texts()

    def type_back(self, words: list[str]) -> None:
        """Type the two words that the enrolment asks for."""
        check = self.step("phrase_check")
        asked = [int(place) for place in re.findall(r"\d", check.locator("[data-fill=text]").inner_text())]
        for field, place in enumerate(asked):
            check.locator("[data-word]").nth(field).fill(words[place - 1])
        self.press_next("phrase_check")

    def enrol_office(self, link: str) -> None:
        """Go through an office enrolment and land on «Сегодня»."""
        self.page.goto(link)
        self.press_next("check")
        self.press_next("passkey")
        self.press_next("done")
        self.page.wait_for_url("**/today")

    # ── The lock ──

    @property
    def heading(self) -> Locator:
        """The heading of the page behind the lock."""
        return self.page.locator("#app h1").first

    def unlock(self) -> None:
        """Open by the finger and wait for the page."""
        self.page.locator('[data-open="key"]').click()
        expect(self.heading).to_be_visible()

    def unlock_by_phrase(self) -> None:
        """Open by the six words and wait for the page."""
        if self.page.locator('[data-open="phrase"]').is_visible():
            self.page.locator('[data-open="phrase"]').click()
        self.type_phrase(self.words)
        expect(self.heading).to_be_visible()

    def type_phrase(self, words: list[str]) -> None:
        """Fill the lock's six fields and submit."""
        for field, word in enumerate(words):
            self.page.locator("#lock [data-word]").nth(field).fill(word)
        self.page.locator("#lock [data-phrase] [type=submit]").click()

    def hide(self) -> None:
        """Press «Скрыть» and wait for the lock."""
        self.page.locator("#app [data-hide]").first.click()
        expect(self.page.locator("#lock")).to_be_visible()

    def finger(self, *, recognised: bool) -> None:
        """Let the authenticator recognise its owner or not."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": recognised})

    # ── The way ──

    def go(self, path: str) -> None:
        """Load a page as an address typed in: it comes up locked."""
        self.page.goto(self.origin + path)
        self.unlock()

    def another_tab(self, path: str) -> Phone:
        """Open a second tab of this phone, by the six words: the finger belongs to the first one's page."""
        page = self.context.new_page()
        tab = Phone(self.origin, self.context, page, self.context.new_cdp_session(page), "")
        tab.words = self.words
        page.on("console", self.hear)
        page.goto(self.origin + path)
        tab.unlock_by_phrase()
        return tab

    def go_offline(self) -> None:
        """Take the network away."""
        self.context.set_offline(True)

    def go_online(self) -> None:
        """Give the network back."""
        self.context.set_offline(False)

    def wait_for_shell(self) -> None:
        """Wait until the service worker has the shell: from here the app opens without a network."""
        assert self.page.evaluate(SHELL_READY), "the service worker did not install"
