"""A link as a QR code, drawn on this server: no picture of a credential is made by anybody's service."""

from __future__ import annotations

import segno


def path(text: str) -> tuple[int, str]:
    """Return the side in modules with the quiet zone, and an SVG path of what is dark (ISO/IEC 18004, level M)."""
    rows = list(segno.make_qr(text, error="m", boost_error=False).matrix_iter(border=4))
    dark = (f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return len(rows), "".join(dark)
