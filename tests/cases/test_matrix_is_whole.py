"""Every table that keeps words about a family has words in the matrix of layers, or it is said why it has none."""

from __future__ import annotations

from sqlalchemy import JSON, String

from curator_app import models
from curator_app.database import Base
from tests.cases import matrix_course

SOWN = {table.__name__ for table in matrix_course.WORDS} | {
    *("Handover", "FamilyRequest", "SurveyAct", "Finding", "Investigation", "Inquiry", "Signal", "Informant"),
    *("SafetyPlan", "SafetyMeasure", "MeasureCheck", "Alarm", "AlarmNotice", "AlarmStep", "Event"),
    *("Family", "Visit", "SectionNote", "ChildWords", "Photo", "Caution", "Contact", "Promise"),
}
BESIDE = {
    "Acquaintance": "stands on the page of its visit",
    "DelayReason": "stands on the page of its duty, for who owes it and their head",
    "Mention": "a mark of a sign on the page of its visit",
    "Observation": "a mark of a sign on the page of its visit",
    "Statement": "stands on the page of its visit",
    "FamilyMember": "the shared card: names and who they are to each other",
}
CODES = {"Assignment", "AuditRow", "CaseLine", "DutyRow", "FileControl", "Reminder", "RetentionAct", "Subject"}
"""Of a family, without what somebody said of it: roles, kinds, counts, ids."""
ROOTS = {"family", "subject"}


def of_a_family() -> set[str]:
    """Return the tables that hang on a family or a subject, however far, and can keep words."""
    assert models.__doc__, "all tables are known"
    tables = {mapper.class_.__name__: mapper.local_table for mapper in Base.registry.mappers}
    hanging = set(ROOTS)
    while more := {
        table.name
        for table in tables.values()
        if table.name not in hanging and any(key.column.table.name in hanging for key in table.foreign_keys)
    }:
        hanging |= more
    return {
        name
        for name, table in tables.items()
        if table.name in hanging and any(isinstance(column.type, (String, JSON)) for column in table.columns)
    }


def test_each_table_that_keeps_words_of_a_family_is_in_the_matrix_or_said_to_be_apart() -> None:
    found = of_a_family()

    assert found - SOWN - BESIDE.keys() - CODES == set(), "give it a word in tests/cases/matrix_*.py"
    assert (SOWN | BESIDE.keys() | CODES) - found == set(), "these are gone"
