"""One template, three ways out: a fragment for htmx and the kit, a whole page for the office, the shell for a phone."""

from __future__ import annotations

from flask import render_template, request

FRAGMENT = "layout/fragment.html"
FULL = "layout/full.html"
SHELL = "layout/shell.html"
RESCUE = "layout/rescue.html"


def wants_fragment() -> bool:
    """Tell whether htmx asks: an ordinary swap and a restored history entry are answered alike."""
    return "HX-Request" in request.headers or "HX-History-Restore-Request" in request.headers


def page(template: str, **context: object) -> str:
    """Render a page as this request needs it."""
    return fragment(template, **context) if wants_fragment() else full_page(template, **context)


def fragment(template: str, **context: object) -> str:
    """Render a page's inside: what htmx swaps and what the phone keeps."""
    return render_template(template, layout=FRAGMENT, **context)


def full_page(template: str, **context: object) -> str:
    """Render a whole page."""
    return render_template(template, layout=FULL, **context)


def shell() -> str:
    """Render the phone's locked shell; the same bytes for everybody."""
    return render_template(SHELL)


def rescue() -> str:
    """Render the page of «Спасти записи», which needs nothing of the app; the same bytes for everybody."""
    return render_template(RESCUE)
