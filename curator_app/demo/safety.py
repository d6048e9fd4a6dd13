"""What protects the children of an invented family: a plan of each child, as its event tells."""

from __future__ import annotations

from typing import Any

from curator_app.cases.safety import KIND_OF_EVENT
from curator_app.cases.safety_models import SafetyMeasure, SafetyPlan
from curator_app.demo.records import Story
from curator_app.subjects.models import Subject


def put_plans(story: Story, subject: Subject, what: dict[str, Any]) -> None:
    """Set the plans that an event of the story speaks of."""
    on = story.day(what)
    for entry in what.get("plans", []):
        words = {name: entry[name] for name in ("place", "place_words", "with_whom", "child_knows") if name in entry}
        plan = SafetyPlan(
            subject_id=subject.id,
            kind=KIND_OF_EVENT[what["type"]],
            child_id=story.member(entry["child"]).id,
            set_on=on,
            author_id=story.curator.id,
            review_on=story.day({"in_days": entry["review_in"]}),
            **words,
        )
        for position, row in enumerate(entry["measures"]):
            said = {name: row[name] for name in ("threat", "measure", "who")}
            until = story.day({"in_days": row["in_days"]})
            plan.measures.append(
                SafetyMeasure(**said, until_on=until, agreed="in_person", agreed_on=on, position=position)
            )
        story.session.add(plan)
