"""In which layer each answer of a step lies, written down a second time: whoever moves one says so here too."""

from __future__ import annotations

from curator_app.cases.steps import Question, steps

WRITTEN = ("line", "text")
DEEPER = {
    "intake": ("signal_known.source", "signal_joined.signal"),
    "raw": (
        "signal_joined.number",
        "survey_done.summary",
        "primary_diagnosis_done.summary",
        "signal_checked.summary",
        "information_given.what",
        "family_acquainted.remarks",
        "plan_discussed.family_view",
        "member_died.paper",
    ),
    "shared": (
        "owner_named.reason",
        "early_help_plan_made.measures",
        "early_help_closed.summary",
        "curator_replaced.reason",
        "diagnosis_done.summary",
        "proposals_given.summary",
        "consilium_held.summary",
        "plan_drafted.summary",
        "plan_changed.reason",
        "services_provided.what",
        "action_reported.summary",
        "monitoring_done.better",
        "monitoring_done.worse",
        "effectiveness_assessed.summary",
        "group_summed_up.summary",
        "final_report_given.summary",
        "situation_analysed.summary",
        "interim_review_held.family_view",
    ),
}
"""Of every answer that is no paper's, event and field; all others are papers."""
LAYER_OF = {field: layer for layer, fields in DEEPER.items() for field in fields}


def layer_of(event: str, field: str) -> str:
    """Return the layer in which an answer lies."""
    return LAYER_OF.get(f"{event}.{field}", "papers")


def fields_of_steps() -> list[tuple[str, Question, str]]:
    """Return each written field of each step of a case, with the word that stands in it."""
    found = [
        (event, question)
        for event, step in steps().items()
        if "case" in step.subjects
        for question in step.fields
        if question.kind in WRITTEN
    ]
    return [(event, question, f"Поле{number}Шага") for number, (event, question) in enumerate(found)]
