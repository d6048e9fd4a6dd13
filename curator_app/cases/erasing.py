"""Erase what was written of a family, wherever it stands; that something happened, and when, stays.

It is told by the tables themselves: whatever refers to the family, at first hand or at second, loses its words. So a
table that somebody adds later is erased with the rest, and only what is named here is kept.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import JSON, Column, ColumnElement, LargeBinary, String, Table, Uuid, delete, func, null, select, update
from sqlalchemy.orm import Session

from curator_app.cases.signals import signals_about
from curator_app.database import Base
from curator_app.families.findable import keep_findable
from curator_app.families.models import Family
from curator_app.subjects.models import Event, Subject

NOT_OURS = frozenset({"audit", "duty", "assignment", "family_word", "retention_act", "envelope"})
"""Who read and changed what, who worked with them, what was due: none of it says anything of the family. Sealed
envelopes are dropped where phones are spoken to."""
GONE = frozenset(
    {"caution", "observation", "section_note", "statement", "mention", "child_words", "acquaintance", "promise"}
    | {"informant", "signal_word", "reminder"}
)
"""Rows that are nothing but words; other rows stay, as what happened refers to them."""
CODES = frozenset(
    {"kind", "state", "type", "outcome", "procedure", "form_version", "role", "way", "ended_as", "level", "stage"}
)
"""Columns in which no words are ever written."""
KEPT = {
    "subject": frozenset({"projection_fault"}),
    "family": frozenset({"listed_as", "surname"}),
    "signal": frozenset({"source", "safe_now"}),
    "delay_reason": frozenset({"rule", "period", "reason"}),
}
"""A family's name is replaced, not emptied: a list cannot stand without it."""
BY = {"safety_plan": "subject_id", "measure_check": "measure_id"}
"""Tables with several ways to the family: the one that is never empty."""
ERASED_NAME = "Стёрто по сроку хранения"
_CODE = re.compile(r"[a-z0-9_@.:-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"\d{5,}")
"""A telephone number looks like a code."""


def erase_content(session: Session, family: Family) -> dict[str, int]:
    """Erase a family's content; return how many rows of each kind lost theirs. The caller holds the family's row."""
    session.flush()
    counts = Counter(_erase_all(session, "family", family.id))
    for key in session.scalars(signals_about([family.id])).all():
        # What was asked, found and decided about the family before there was work with it hangs on the signal.
        counts.update(_erase_all(session, "subject", key, but="signal"))
    _erase_people(session, family)
    keep_findable(session, family)
    session.expire_all()
    return dict(sorted(counts.items()))


def erase_subject(session: Session, subject: Subject) -> dict[str, int]:
    """Erase what was written of one subject that no family stands behind; return how many rows lost their words."""
    session.flush()
    counts = _erase_all(session, "subject", subject.id)
    session.expire_all()
    return counts


def without_words(value: object) -> object:
    """Return an event's data with its codes, days and ids, and without anything that somebody wrote."""
    if isinstance(value, Mapping):
        kept = {key: without_words(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part is not None}
    if isinstance(value, list):
        return [part for part in map(without_words, value) if part is not None]
    if isinstance(value, str):
        return value if _CODE.fullmatch(value) and not _NUMBER.fullmatch(value) else None
    return value


def _erase_all(session: Session, root: str, key: uuid.UUID, but: str = "") -> dict[str, int]:
    """Erase whatever refers to a row of the table `root`, the farthest first; return how many rows of each table.

    The table `but` has lost its words already.
    """
    counts: Counter[str] = Counter()
    ways = _ways(root)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in ways and table.name not in {but, *NOT_OURS}:
            counts[table.name] += _erase(session, table, _about(ways, table, root, key))
    return {name: n for name, n in sorted(counts.items()) if n}


def _ways(root: str) -> dict[str, tuple[Column[Any], str]]:
    """Return by which column each table leads to the root, and over which table: the shortest way."""
    found: dict[str, tuple[Column[Any], str]] = {}
    waiting = deque([root])
    while waiting:
        parent = waiting.popleft()
        for table in Base.metadata.sorted_tables:
            if table.name in found or table.name in {root, *NOT_OURS}:
                continue
            column = _towards(table, parent)
            if column is not None and BY.get(table.name, column.name) == column.name:
                found[table.name] = (column, parent)
                waiting.append(table.name)
    return found


def _towards(table: Table, parent: str) -> Column[Any] | None:
    """Return the column by which a row belongs to its parent: one that is always filled comes before one that may be.

    What a row leads to (a signal to a case) is not what it belongs to; the order of a set would choose by chance.
    """
    columns = [one for one in table.columns if any(key.column.table.name == parent for key in one.foreign_keys)]
    return min(columns, key=lambda one: bool(one.nullable), default=None)


def _about(ways: Mapping[str, tuple[Column[Any], str]], table: Table, root: str, key: uuid.UUID) -> ColumnElement[bool]:
    """Ask of a table's rows whether they are about the root's row."""
    column, parent = ways[table.name]
    if parent == root:
        return column == key
    above = Base.metadata.tables[parent]
    return column.in_(select(above.c.id).where(_about(ways, above, root, key)))


def _erase(session: Session, table: Table, own: ColumnElement[bool]) -> int:
    if table.name == Event.__tablename__:
        return _erase_events(session, own)
    count = session.scalar(select(func.count()).select_from(table).where(own)) or 0
    if table.name in GONE:
        session.execute(delete(table).where(own))
        return count
    values = {column.name: _nothing(column) for column in table.columns if _has_words(table, column)}
    if values:
        session.execute(update(table).where(own).values(values))
    return count if values else 0


def _erase_events(session: Session, own: ColumnElement[bool]) -> int:
    """Take the words out of events: type, day, author and codes stay."""
    count = 0
    table = cast("Table", Event.__table__)
    for key, data in session.execute(select(table.c.id, table.c.data).where(own)).all():
        kept = without_words(data or {})
        if kept != data:
            session.execute(update(table).where(table.c.id == key).values(data=kept))
            count += 1
    return count


def _has_words(table: Table, column: Column[Any]) -> bool:
    if column.primary_key or column.foreign_keys or isinstance(column.type, Uuid):
        return False
    if column.unique:
        return False  # a digest of something random, by which a link is known again
    if column.name in CODES or column.name in KEPT.get(table.name, frozenset()):
        return False
    return isinstance(column.type, String | JSON | LargeBinary)


def _nothing(column: Column[Any]) -> object:
    """Return what an emptied column holds."""
    if column.nullable:
        return null()
    if isinstance(column.type, JSON):
        return [] if getattr(column.default, "arg", None) and "list" in str(column.default) else {}
    return b"" if isinstance(column.type, LargeBinary) else ""


def _erase_people(session: Session, family: Family) -> None:
    session.expire(family)
    family.surname, family.door = ERASED_NAME, {}
    family.address = family.settlement = family.story = ""
    for place, member in enumerate(family.members, start=1):
        member.name, member.born_on, member.died_on = f"{place}", None, None
