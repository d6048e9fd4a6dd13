"""What an accessible page is here, measured: axe-core, no sideways scrolling, room for a thumb, text twice as large.

axe comes from the package of the same name, run by DevTools: the page's own policy would refuse a script of ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.support.browser import Phone
from tests.support.databases import ROOT

WIDTHS = (320, 390, 768)
HEIGHT = 844
PHONE_WIDTH = 390
TARGET_PX = 48
LARGE_TEXT = "225%"  # twice the 112.5 % of base.css
THEMES = ("dark", "sun")
SHOTS = ROOT / "tests" / "e2e" / "shots"

FINDINGS = """async (rules) => {
  const only = rules ? { runOnly: { type: 'rule', values: rules } } : {};
  const { violations } = await axe.run(document, { resultTypes: ['violations'], ...only });
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${impact} ${id}: ${target} · ${failureSummary.replace(/\\s+/g, ' ')}`));
}"""
TOO_WIDE = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  // What scrolls sideways by itself (a row of pictures) makes the page no wider.
  const scrolls = (element) =>
    element && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !scrolls(element.parentElement))
    .map((element) => `wider than ${innerWidth}: ${element.outerHTML.slice(0, 120)}`)
    .concat(`wider than ${innerWidth}: the page, ${document.documentElement.scrollWidth}`);
}"""
TARGETS = (
    ".btn, .chip, a.row, button.row, .bar a, .strip > a, .strip > button, .field, .back, summary, .head a, .grid a, "
    ".more, label.row, .tick"
)
TOO_SMALL = """([targets, least]) => [...document.querySelectorAll(targets)]
  .filter((element) => element.checkVisibility())
  .map((element) => ({ element, box: element.getBoundingClientRect() }))
  .filter(({ box }) => box.height < least - 0.5 || box.width < least - 0.5)
  .map(({ element, box }) =>
    `${Math.round(box.width)}x${Math.round(box.height)} px: ${element.outerHTML.slice(0, 120)}`)"""


@dataclass
class Inspector:
    """Looks at whatever page stands; `findings` is what it has against the pages so far, and must stay empty."""

    page: Page
    cdp: CDPSession
    findings: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def look(self, name: str, *, themes: bool = False) -> None:
        """Hold the page to everything at every width; its picture goes to shots/<name>.png."""
        self.seen.append(name)
        for width in WIDTHS:
            self._resize(width)
            self._note(
                f"{name} at {width}", self._axe() + self._ask(TOO_WIDE) + self._ask(TOO_SMALL, [TARGETS, TARGET_PX])
            )
        self._resize(WIDTHS[0])
        self._text(LARGE_TEXT)
        self._note(f"{name} with large text", self._ask(TOO_WIDE))
        self._text("")
        self._resize(PHONE_WIDTH)
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name.replace(' ', '-')}.png")
        for theme in THEMES if themes else ():
            self._theme(theme)
            self._note(f"{name}, {theme}", self._axe(["color-contrast"]))
            self.page.screenshot(path=SHOTS / f"{name.replace(' ', '-')}-{theme}.png")
        if themes:
            self._theme("auto")

    def glance(self, name: str) -> None:
        """Hold the page to what a small glass asks, and to axe once: for one of many pages made of the same parts."""
        self._resize(WIDTHS[0])
        self._note(
            f"{name} at {WIDTHS[0]}", self._axe() + self._ask(TOO_WIDE) + self._ask(TOO_SMALL, [TARGETS, TARGET_PX])
        )
        self._text(LARGE_TEXT)
        self._note(f"{name} with large text", self._ask(TOO_WIDE))
        self._text("")

    def _note(self, where: str, found: list[str]) -> None:
        self.findings += [f"{where}: {one}" for one in found]

    def _resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def _text(self, size: str) -> None:
        self.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)

    def _theme(self, name: str) -> None:
        self.page.evaluate("(name) => { document.documentElement.dataset.theme = name; }", name)

    def _axe(self, rules: list[str] | None = None) -> list[str]:
        if self.page.evaluate("typeof window.axe") == "undefined":
            self.cdp.send("Runtime.evaluate", {"expression": _axe_source()})
        return self._ask(FINDINGS, rules)

    def _ask(self, question: str, argument: Any = None) -> list[str]:
        found: list[str] = self.page.evaluate(question, argument)
        return found


def _axe_source() -> str:
    return Path(ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


Inspect = Callable[[Phone], Inspector]
"""What the fixture `inspect` gives."""
