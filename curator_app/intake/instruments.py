"""The two instruments as data: indicators of a child, risk factors of a family, and what there is to lean on. Pure.

A typical set, marked as such wherever it is shown; a region puts `instruments.toml` of its own beside its procedures.
Nothing is counted: items stand side by side, and a named person decides.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from curator_app.procedures.profile_definition import Count, Name, Part, Words, YesNo
from curator_app.procedures.regions import own_folder
from curator_app.procedures.toml_files import FileError, read_model

_FILE = Path(__file__).with_name("instruments.toml")
PRESENT, ABSENT, UNKNOWN = "mark_present", "mark_absent", "mark_unknown"


class Answer(Part):
    """A mark that an item may get."""

    id: Name
    label: Words


class Meta(Part):
    """Which set it is, and what is said wherever it is shown."""

    id: Name
    version: Count = Field(ge=1)
    language: str = "ru"
    note: Words
    """«Типовой набор, регион заменяет своим»: empty is no choice, an approved set says so in words of its own."""
    print_mark: Words
    answers: tuple[Answer, ...]
    each_needs: tuple[Name, ...]
    critical_rule: str
    unknown_rule: str
    strengths_first: str


class Item(Part):
    """One indicator or factor: what is asked, and what fact is wanted for it."""

    id: Name
    label: Words
    critical: YesNo = False
    age_from: Count | None = None
    age_to: Count | None = None
    fact_prompt: str = ""

    def fits(self, age: int | None) -> bool:
        """Tell whether it is asked about a child of that age; where nobody knows the age, it is."""
        return age is None or (self.age_from or 0) <= age <= (self.age_to if self.age_to is not None else age)


class ChildIndicators(Part):
    """How a child lives."""

    title: Words
    hint: str = ""
    items: tuple[Item, ...] = Field(min_length=1)


class Section(Part):
    """Factors of one of the six sections of the dossier."""

    id: Name
    items: tuple[Item, ...] = Field(min_length=1)


class FamilyFactors(Part):
    """What stands in a family's way."""

    title: Words
    hint: str = ""
    sections: tuple[Section, ...] = Field(min_length=1)


class Protective(Part):
    """What there is to lean on: shown first."""

    title: Words
    items: tuple[Item, ...] = Field(min_length=1)


class Deciding(Part):
    """Words of the decision page."""

    title: Words
    rule: str
    who: str
    reason: str
    no_score: str


class Instruments(Part):
    """A whole set."""

    meta: Meta
    child_indicators: ChildIndicators
    family_risk_factors: FamilyFactors
    protective: Protective
    decision: Deciding

    @property
    def key(self) -> str:
        """Return the name under which a finding keeps the set: instruments_content@1."""
        return f"{self.meta.id}@{self.meta.version}"

    @property
    def by_id(self) -> dict[str, Item]:
        """Return every item of the set by its id."""
        family = [item for section in self.family_risk_factors.sections for item in section.items]
        return {item.id: item for item in (*self.child_indicators.items, *family, *self.protective.items)}


def instruments() -> Instruments:
    """Return the set in force: the region's own where it has one, else the typical one.

    Raises FileError, with a sentence a fault, for a region's set that does not hold.
    """
    folder = own_folder()
    path = folder / "instruments.toml" if folder else _FILE
    return read_instruments(path if path.exists() else _FILE)


@lru_cache
def read_instruments(path: Path) -> Instruments:
    """Read a set; two items of one name would answer for each other, so they are refused."""
    found = read_model(path, Instruments)
    family = [item for section in found.family_risk_factors.sections for item in section.items]
    ids = [item.id for item in (*found.child_indicators.items, *family, *found.protective.items)]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise FileError([f"{path.name}: показатель «{one}» стоит дважды." for one in twice])
    return found
