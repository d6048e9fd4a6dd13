"""The part of an address that a map may be asked for: settlement, street and house, never the flat."""

from __future__ import annotations

import re

_FLAT = re.compile(r",?\s*\b(?:квартира|кв|комната|комн|ком|подъезд|под|этаж|эт)\b\.?\s*\S.*$", re.IGNORECASE)
_DASHED = re.compile(r"(\d+\s*[а-яё]?)\s*[-–—]\s*\d+\s*$", re.IGNORECASE)
"""«Мира, 5-12»: house and flat."""


def street_of(address: str) -> str:
    """Return an address up to its house: «г. Москва, ул. Ленина, д. 5, кв. 3» becomes «г. Москва, ул. Ленина, д. 5»."""
    return _DASHED.sub(r"\1", _FLAT.sub("", address).strip(" ,"))
