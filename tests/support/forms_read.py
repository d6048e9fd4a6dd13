"""The forms of a page as a person sees them: fields with their names, choices with their words, where each goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNTICKED = {"checkbox", "radio"}


@dataclass
class Box:
    """One field: what it holds, and among what it lets one choose (words by value)."""

    kind: str
    values: list[str] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)


@dataclass
class SeenForm:
    """A form: where it goes and what stands in it."""

    action: str
    boxes: dict[str, Box] = field(default_factory=dict)

    def fill(self, said: dict[str, str | list[str]]) -> None:
        """Answer by the name of a field: a choice by its value, or by words of it."""
        for name, answers in said.items():
            box = self.boxes[name]
            box.values = [_chosen(box, name, one) for one in ([answers] if isinstance(answers, str) else answers)]

    def pairs(self) -> list[tuple[str, str]]:
        """Return what a browser would post."""
        return [(name, value) for name, box in self.boxes.items() for value in box.values]


def _chosen(box: Box, name: str, answer: str) -> str:
    if not box.choices or answer in box.choices:
        return answer
    found = [value for value, words in box.choices.items() if answer in words]
    assert len(found) == 1, f"{name}: {answer!r} is {len(found)} of {box.choices}"
    return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SeenForm] = []
        self._form: SeenForm | None = None
        self._open = ""
        self._option = ""
        self._ticked = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = SeenForm(said.get("hx-post") or said.get("action", ""))
            self.forms.append(self._form)
        if self._form is None:
            return
        if tag == "input" and said.get("name"):
            self._input(said)
        elif tag == "button" and said.get("name"):
            # Pressed or not, it is one of several ways to send the form.
            box = self._form.boxes.setdefault(said["name"], Box(tag))
            box.choices[said.get("value", "")], self._ticked = "", f"{said['name']}={said.get('value', '')}"
        elif tag in {"select", "textarea"}:
            self._open = said.get("name", "")
            self._form.boxes[self._open] = Box(tag, [""] if tag == "textarea" else [])
        elif tag == "option" and self._open:
            self._option = said.get("value", "")
            box = self._form.boxes[self._open]
            box.choices[self._option] = ""
            if "selected" in said or not box.values:
                box.values = [self._option]

    def handle_data(self, data: str) -> None:
        if self._form is None:
            return
        if self._open and self._form.boxes[self._open].kind == "textarea":
            self._form.boxes[self._open].values[0] += data
        elif self._open and self._option in self._form.boxes[self._open].choices:
            self._form.boxes[self._open].choices[self._option] += data
        elif self._ticked and data.strip():
            name, _, value = self._ticked.partition("=")
            self._form.boxes[name].choices[value] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag in {"select", "textarea"}:
            self._open = ""
        elif tag in {"label", "button"}:
            self._ticked = ""
        elif tag == "form":
            self._form = None

    def _input(self, said: dict[str, str]) -> None:
        assert self._form is not None
        box = self._form.boxes.setdefault(said["name"], Box(said.get("type", "text")))
        if box.kind in UNTICKED:
            value = said.get("value", "on")
            box.choices[value], self._ticked = "", f"{said['name']}={value}"
            box.values += [value] if "checked" in said else []
        else:
            box.values = [*box.values, said.get("value", "")] if box.values else [said.get("value", "")]


def forms_of(html: str) -> list[SeenForm]:
    """Return the forms of a page in their order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def form_with(html: str, names: set[str], part: str = "") -> SeenForm:
    """Return the one form of a page that has all these fields, and whose address holds `part`."""
    found = [one for one in forms_of(html) if names <= one.boxes.keys() and part in one.action]
    assert found, f"no form with {sorted(names)} {part}: {[(one.action, sorted(one.boxes)) for one in forms_of(html)]}"
    return found[0]
