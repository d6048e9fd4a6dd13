"""What a signal's page is made of beside the signal itself; a section's template is `templates/cases/_<name>.html`."""

from __future__ import annotations

from curator_app.desk.case_sections import Section, duties, history, steps
from curator_app.desk.check_section import check

SECTIONS: dict[str, Section] = {"duties": duties, "check": check, "steps": steps, "history": history}
"""In the order of the page; None leaves a section out."""
