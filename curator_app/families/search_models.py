"""What a search looks in: the words of each family's shared card, and a dictionary of words with one letter left out.

Plain tables without a key of their own: their rows are made from families and may be made again at any time.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table, Uuid

from curator_app.database import BYTEWISE, Base

SURNAME, NUMBER, NAME, ADDRESS, INITIAL = range(5)
"""Where in the card a word stands; what is found in an earlier place comes first."""

family_word = Table(
    "family_word",
    Base.metadata,
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("word", BYTEWISE, primary_key=True),
    Column("family_id", Uuid, ForeignKey("family.id"), primary_key=True),
)
Index("ix_family_word_family", family_word.c.family_id, family_word.c.word)

word_variant = Table(
    "word_variant",
    Base.metadata,
    Column("variant", BYTEWISE, primary_key=True),
    Column("word", BYTEWISE, primary_key=True),
)
"""A dictionary, not a record: it does not say whose word it is."""
