"""Parts of a visit form whose field names carry ids: statements, notes of one child, a child's words, promises kept.

A field of WTForms has one name; these read whatever was posted under their pattern. Each says in Russian, by the
posted name, what does not hold, and lets nothing unknown pass.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation

from curator_app.procedures.form_definition import FormDefinition, Question
from curator_app.visits.answers import Acquainted, ChildWordsLine, KeptLine, MeasureLine, SectionAnswers, StatementLine
from curator_app.visits.fields import MAX_TEXT_CHARS, sentence

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
SECTION_TEXTS = ("strengths_own", "worries_own", "change", "fact", "source", "conclusion")
CHILD_TEXTS = ("verbatim", "context", "question", "present", "wish")
RESTRICTED = "child_words@"
"""Names that begin so go to the restricted layer and are not kept with the visit's own fields."""
FROZEN_CHARS = 20_000
MEASURE_STATES = {"kept", "broken", "unseen"}
MARK_POINTS = 20_000
MARK_SIDE = 4000
"""A mark is as wide as 1000 whatever the glass; nobody's is four times as high."""


class PartField(Field, ABC):
    """All that was posted under a pattern; `data` is a list of plain answers, `troubles` sentences by posted name."""

    pattern: re.Pattern[str]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read every matching name once; empty values say nothing."""
        self.process_errors: list[str] = []
        self.troubles: dict[str, list[str]] = {}
        self.posted = {
            name: values
            for name in (formdata or {})
            if self.pattern.fullmatch(name) and (values := [one for one in formdata.getlist(name) if one])
        }
        self.data = list(self.read())

    @abstractmethod
    def read(self) -> Iterator[Any]:
        """Yield the answers; note in `troubles` what is not one."""

    def pre_validate(self, form: Any) -> None:
        """Refuse the whole when any of it does not hold."""
        if self.troubles:
            raise StopValidation(next(iter(self.troubles.values()))[0])

    def refuse(self, name: str, reason: str = "answer_unknown", **values: object) -> None:
        """Note what does not hold about one posted name."""
        self.troubles.setdefault(name, []).append(sentence(reason, **values))

    def text(self, name: str, limit: int = MAX_TEXT_CHARS) -> str:
        """Return a text that was typed; too much of it is refused, none of it cut."""
        value = str(self.posted.get(name, [""])[0])
        if len(value) > limit:
            self.refuse(name, "text_too_long", n=limit)
        return value

    def member(self, name: str) -> uuid.UUID | None:
        """Return the person that was named, or None."""
        value = str(self.posted.get(name, [""])[0])
        try:
            return uuid.UUID(value) if value else None
        except ValueError:
            self.refuse(name)
            return None

    def choice(self, name: str, known: set[str]) -> str:
        """Return one of the known answers, or ""."""
        value = str(self.posted.get(name, [""])[0])
        if value and value not in known:
            self.refuse(name)
        return value


class StatementsField(PartField):
    """`<part>-<question>[@member]`, its `-fact`, and `-same` for what is so as it was last time."""

    def __init__(self, part: str, questions: tuple[Question, ...], **kwargs: Any) -> None:
        """Take «safety» or «living» and its questions."""
        super().__init__(**kwargs)
        self.part = part
        self.questions = {question.id: question for question in questions}
        self.pattern = re.compile(rf"{part}-([a-z0-9_]+)(?:@({_UUID}))?(-fact|-same)?")

    def read(self) -> Iterator[StatementLine]:
        """Yield one line a question and person."""
        asked = {name.removesuffix("-fact").removesuffix("-same"): None for name in self.posted}
        for name in asked:
            match = self.pattern.fullmatch(name)
            question = self.questions.get(match[1]) if match else None
            if match is None or question is None or (question.scope == "family") != (match[2] is None):
                self.refuse(name)
                continue
            answer = self.choice(name, set(question.answers))
            same = "" if answer else self.choice(f"{name}-same", set(question.answers))
            fact = self.text(f"{name}-fact")
            if answer or same or fact:
                member = uuid.UUID(match[2]) if match[2] else None
                yield StatementLine(self.part, question.id, answer or same, member, fact, carried=bool(same))


class ChildNotesField(PartField):
    """`<section>@<member>-fact` and its neighbours: what one section says of one child."""

    def __init__(self, definition: FormDefinition, **kwargs: Any) -> None:
        """Take the form's sections, answers of the change and sources."""
        super().__init__(**kwargs)
        self.known = {
            "change": {chip.id for chip in definition.change},
            "source": {chip.id for chip in definition.sources},
        }
        sections = "|".join(re.escape(section.id) for section in definition.sections)
        self.pattern = re.compile(rf"({sections})@({_UUID})-({'|'.join(SECTION_TEXTS)})")

    def read(self) -> Iterator[SectionAnswers]:
        """Yield one entry a section and child."""
        for prefix in {name.rpartition("-")[0]: None for name in self.posted}:
            section, _, member = prefix.partition("@")
            texts: dict[str, Any] = {
                key: self.choice(f"{prefix}-{key}", self.known[key])
                if key in self.known
                else self.text(f"{prefix}-{key}")
                for key in SECTION_TEXTS
            }
            yield SectionAnswers(section=section, member_id=uuid.UUID(member), **texts)


class ChildWordsField(PartField):
    """`child_words@<member>-verbatim` and its neighbours: the restricted layer."""

    pattern = re.compile(rf"child_words@({_UUID})-({'|'.join(CHILD_TEXTS)})")

    def __init__(self, definition: FormDefinition, **kwargs: Any) -> None:
        """Take how it may have sounded and who may have been there."""
        super().__init__(**kwargs)
        self.contexts = {chip.id for chip in definition.contexts}
        self.present = {chip.id for chip in definition.present}

    def read(self) -> Iterator[ChildWordsLine]:
        """Yield one line a child."""
        for prefix in {name.rpartition("-")[0]: None for name in self.posted}:
            present = [str(one) for one in self.posted.get(f"{prefix}-present", [])]
            if set(present) - self.present:
                self.refuse(f"{prefix}-present")
            yield ChildWordsLine(
                member_id=uuid.UUID(prefix.removeprefix(RESTRICTED)),
                verbatim=self.text(f"{prefix}-verbatim"),
                context=self.choice(f"{prefix}-context", self.contexts),
                question=self.text(f"{prefix}-question"),
                present=present,
                wish=self.text(f"{prefix}-wish"),
            )


class KeptField(PartField):
    """`kept-<promise>` with its reason and note: what became of earlier promises."""

    pattern = re.compile(rf"kept-({_UUID})(-reason|-note)?")

    def __init__(self, definition: FormDefinition, **kwargs: Any) -> None:
        """Take the answers and the reasons."""
        super().__init__(**kwargs)
        self.states = {chip.id for chip in definition.kept}
        self.reasons = {chip.id for chip in definition.promise_reasons}

    def read(self) -> Iterator[KeptLine]:
        """Yield one line a promise of which something was said."""
        for name in self.posted:
            match = self.pattern.fullmatch(name)
            if match is None or match[2]:
                continue
            state = self.choice(name, self.states)
            reason = self.choice(f"{name}-reason", self.reasons)
            self.text(f"{name}-note")
            yield KeptLine(promise_id=uuid.UUID(match[1]), state=state, reason=reason)


class MeasuresField(PartField):
    """`measure-<id>` with its fact: whether what protects a child holds. Forms of any release may have it, or not."""

    pattern = re.compile(rf"measure-({_UUID})(-fact)?")

    def read(self) -> Iterator[MeasureLine]:
        """Yield one line a measure of which something was said."""
        for name in self.posted:
            match = self.pattern.fullmatch(name)
            if match is not None and not match[2]:
                state = self.choice(name, MEASURE_STATES)
                yield MeasureLine(uuid.UUID(match[1]), state, self.text(f"{name}-fact"))


class AcquaintedField(PartField):
    """`acquaint` and its neighbours: how the family was acquainted with the text that was frozen for it.

    The mark on the screen is bound to that text by its SHA-256: a text that does not match is refused, and so is a
    minor's mark without the representative's.
    """

    pattern = re.compile(r"acquaint(?:_text|_sha256|_member|_beside|_mark|_words)?|minor_opinion")

    def __init__(self, definition: FormDefinition, **kwargs: Any) -> None:
        """Take the outcomes: all of them equal."""
        super().__init__(**kwargs)
        self.outcomes = {chip.id for chip in definition.acquaint}

    def read(self) -> Iterator[Acquainted]:
        """Yield what was said of it, if anything was."""
        outcome = self.choice("acquaint", self.outcomes)
        if not outcome:
            return
        text = self.text("acquaint_text", FROZEN_CHARS)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if text and self.posted.get("acquaint_sha256", [""])[0] != sha256:
            self.refuse("acquaint_text", "text_not_frozen")
        adult, minor = self.member("acquaint_member"), self.member("acquaint_beside")
        if minor is not None and adult is None:
            self.refuse("acquaint_beside", "minor_alone")
        yield Acquainted(
            outcome=outcome,
            text=text,
            sha256=sha256,
            member_id=adult,
            beside_id=minor,
            mark=self._mark(),
            words=self.text("acquaint_words"),
            minor_opinion=self.text("minor_opinion"),
        )

    def _mark(self) -> list[list[list[int]]]:
        value = str(self.posted.get("acquaint_mark", [""])[0])
        if not value:
            return []
        try:
            strokes = [[[int(x), int(y)] for x, y in stroke] for stroke in json.loads(value)]
        except (ValueError, TypeError, RecursionError):
            strokes = None
        points = [number for stroke in strokes or [] for point in stroke for number in point]
        if strokes is None or len(points) > 2 * MARK_POINTS or any(not 0 <= one <= MARK_SIDE for one in points):
            self.refuse("acquaint_mark", "mark_unreadable")
            return []
        return strokes
