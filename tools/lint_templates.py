"""Rules for templates that no linter knows: `python tools/lint_templates.py`; prints file:line and ends with 1.

The content security policy runs no inline script and no hx-on; a full page load inside the field app costs
the curator a finger on the sensor, so there every link and form goes through htmx.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"

EXPRESSION = r"\{\{.*?\}\}|\{%.*?%\}"
VALUE = rf"\"(?:{EXPRESSION}|[^\"])*\"|'(?:{EXPRESSION}|[^'])*'"
TAG = re.compile(rf"<(?P<name>[a-zA-Z][\w-]*)(?P<attributes>(?:{EXPRESSION}|{VALUE}|[^>\"'])*)>", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
EVENT_HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
STYLE_ATTRIBUTE = re.compile(r"\sstyle\s*=", re.IGNORECASE)
SAFE_FILTER = re.compile(r"\|\s*safe\b|Markup\(|\{%-?\s*autoescape\s+false")
# `words.update` is a method of the dictionary before it is a key: a button would read <built-in method …>.
CODE = re.compile(EXPRESSION, re.DOTALL)
STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
METHOD_AS_WORD = re.compile(r"\.(?:clear|copy|fromkeys|get|keys|pop|popitem|setdefault|update)\b(?!\s*\()")
INTERNAL_LINK = re.compile(r"\bhref\s*=\s*[\"'](?:/(?!/)|\{\{)")
# A line that says why a full load is right here: {# full load: the phone has no key yet #}
EXCUSE = re.compile(r"\{#\s*full load: .+?#\}")
# A mail program has neither our policy nor our style sheet: a letter carries its styles and whole addresses.
LETTERS = "mail/"
STYLED = "an inline style does not show under our policy: use a class"
# Before the vault is open there is no htmx, and an office browser has no vault: whole pages are right there.
WHOLE_PAGES = ("auth/", "errors/", "office/", "layout/full.html", "layout/office", LETTERS)


def main() -> int:
    """Lint all templates; return the exit code."""
    # A letter is no page of ours: no policy of our headers reaches it, and mail programs read inline styles only.
    paths = sorted(path for path in TEMPLATES.rglob("*.html") if path.parent.name != "mail")
    problems = [problem for path in paths for problem in problems_of(path)]
    for problem in problems:
        print(problem)
    print(f"templates: {len(paths)} files, {len(problems)} problems")
    return 1 if problems else 0


def problems_of(path: Path) -> Iterator[str]:
    """Yield `file:line: what is wrong` for one template."""
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(TEMPLATES).as_posix()
    excused = {source.count("\n", 0, match.start()) + 1 for match in EXCUSE.finditer(source)}
    text = COMMENT.sub(lambda match: "\n" * match.group().count("\n"), source)
    for match in SAFE_FILTER.finditer(text):
        yield _at(path, text, match.start(), "turns escaping off")
    for code in CODE.finditer(text):
        if METHOD_AS_WORD.search(STRING.sub("''", code.group())):
            yield _at(
                path, text, code.start(), "a key named like a dictionary's method shows the method: name it otherwise"
            )
    for tag in TAG.finditer(text):
        line = text.count("\n", 0, tag.start()) + 1
        for problem in _problems_of_tag(tag["name"].lower(), tag["attributes"]):
            if name.startswith(LETTERS) and problem == STYLED:
                continue
            yield _at(path, text, tag.start(), problem)
        if not name.startswith(WHOLE_PAGES) and not {line, line - 1} & excused:
            for problem in _full_loads(tag["name"].lower(), tag["attributes"]):
                yield _at(path, text, tag.start(), problem)


def _problems_of_tag(name: str, attributes: str) -> Iterator[str]:
    """Yield what the content security policy would not run or show."""
    if "hx-on" in attributes:
        yield "hx-on does not run under our policy: use a module"
    if EVENT_HANDLER.search(attributes):
        yield "an inline event handler does not run under our policy"
    if STYLE_ATTRIBUTE.search(attributes):
        yield STYLED
    if name == "style":
        yield "an inline <style> does not show under our policy"
    if name == "script" and "src=" not in attributes and "application/json" not in attributes:
        yield "an inline <script> does not run under our policy"
    if "javascript:" in attributes:
        yield "a javascript: address"


def _full_loads(name: str, attributes: str) -> Iterator[str]:
    """Yield links and forms that would load a whole page inside the field app."""
    if name == "a" and INTERNAL_LINK.search(attributes) and "hx-get" not in attributes and "download" not in attributes:
        yield "an internal link without hx-get loads the whole page: use the macro go(url)"
    if name == "form" and not re.search(r"hx-(post|get|put|delete)|data-outbox", attributes):
        yield "a form without hx-post or data-outbox loads the whole page"


def _at(path: Path, text: str, position: int, problem: str) -> str:
    return f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, position) + 1}: {problem}"


if __name__ == "__main__":
    sys.exit(main())
