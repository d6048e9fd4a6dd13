"""The form of an act on living conditions as data: sections, questions, answers to choose from. Pure."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from curator_app.procedures.profile_definition import Count, Name, Part, Words, YesNo
from curator_app.procedures.regions import own_folder
from curator_app.procedures.toml_files import read_model

_FILE = Path(__file__).with_name("survey.toml")


class Answer(Part):
    """One of the answers of a choice."""

    id: Name
    label: Words


class Question(Part):
    """A line of the act."""

    id: Name
    label: Words
    kind: Literal["line", "text", "choice", "several"] = "text"
    answers: tuple[Answer, ...] = ()
    hint: str = ""
    required: YesNo = False
    raw: YesNo = False
    """A child's own words and the like: for intake and whoever drew the act up, never a group or a commission."""

    def words(self, value: object) -> str:
        """Return an answer as it is read; an answer that this version does not know stays as it is."""
        names = {one.id: one.label for one in self.answers}
        values = value if isinstance(value, list) else [value]
        return ", ".join(names.get(str(one), str(one)) for one in values if one)


class Section(Part):
    """A numbered part of the act."""

    id: Name
    title: Words
    unsaid: str = ""
    """Where the form's own text is not at hand, in a few words: shown beside the title."""
    questions: tuple[Question, ...] = Field(min_length=1)


class Survey(Part):
    """A whole form."""

    id: Name
    version: Count = Field(ge=1)
    title: Words
    source: Words
    """The paper it follows, and how much of it is known."""
    print_mark: Words
    sections: tuple[Section, ...] = Field(min_length=1)

    @property
    def key(self) -> str:
        """Return the name under which an act keeps its form."""
        return f"{self.id}@{self.version}"

    @property
    def questions(self) -> list[Question]:
        """Return every line, in order."""
        return [one for section in self.sections for one in section.questions]


def survey_form() -> Survey:
    """Return the form in force: the region's own `survey.toml` beside its procedures, else the one that came along."""
    folder = own_folder()
    path = folder / "survey.toml" if folder else _FILE
    return read_survey(path if path.exists() else _FILE)


@lru_cache
def read_survey(path: Path) -> Survey:
    """Read a form; raise FileError with every fault in it."""
    return read_model(path, Survey)
