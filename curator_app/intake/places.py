"""What a word of a signal is. Pure: words are read before there is a row."""

from __future__ import annotations

SURNAME, NAME, INITIAL, ADDRESS, TELEPHONE = range(5)
