"""What a document asks for at the end of a stage, ticked by people: each time the whole list, as an event."""

from __future__ import annotations

from collections.abc import Sequence

from curator_app import texts
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.procedures.facts import Fact

CHECKED = "exit_criteria_checked"


def met_in(facts: Sequence[Fact], stage: str) -> frozenset[str]:
    """Return the criteria of a stage that were met when somebody looked last."""
    last = next((one for one in reversed(facts) if one.type == CHECKED and one.data.get("stage") == stage), None)
    return frozenset(last.data.get("met", ())) if last else frozenset()


def checked(taken: Taken) -> None:
    """Keep which criteria are met, by their ids and in the document's words; raise StepRefused for what it has not."""
    stage = next((one for one in taken.profile.stages if one.id == taken.answers.get("stage")), None)
    if stage is None or stage.subject != taken.subject.kind or not stage.exit_criteria:
        raise StepRefused(texts.text("stages.no_criteria", procedure=taken.profile.short_title))
    known = {one.id: one.text for one in stage.exit_criteria}
    met = [one for one in known if one in set(taken.answers.get("met", ()))]
    said = "; ".join(known[one] for one in met) or texts.text("stages.none_met")
    taken.data |= {"stage": stage.id, "met": met, "text": f"{stage.title}: {said}"}


EFFECTS: dict[str, Effect] = {CHECKED: checked}
