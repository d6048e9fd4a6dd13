"""What follows when a case, early help or help afterwards ends, rests in the card index, or begins again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from curator_app import texts
from curator_app.cases import aftercare, card_index, closing
from curator_app.cases.closing import DECIDED, ENDING, Ending
from curator_app.cases.noting import hand_of, member_of
from curator_app.cases.opening import CASE, EARLY_HELP, OF_AGE, Opening, open_early_help, standing
from curator_app.cases.stepping import Effect, StepRefused, Taken
from curator_app.errors import Refused
from curator_app.families.models import Family
from curator_app.procedures.profile_definition import Choice
from curator_app.subjects.service import record_event

LEADS_TO_HELP = "early_help"


def decided(taken: Taken) -> None:
    """Write down what was decided; where the document knows no other last word, the case is over with it."""
    try:
        outcome = closing.outcome_of(taken.profile, str(taken.answers.get("outcome", "")))
    except Refused as refusal:
        raise StepRefused(texts.text("course.wrong.outcome_unknown"), field_name="outcome") from refusal
    said = taken.answers.get("ending")
    ending = said if isinstance(said, Ending) else _plainly(taken, outcome.id)
    closing.decide(taken.session, taken.subject, ending, taken.on, hand_of(taken))
    if closing.last_word(taken.profile) == DECIDED and outcome.leads_to in ENDING:
        _over(taken, outcome)


def deregistered(taken: Taken) -> None:
    """Close the case; only what was decided to end ends."""
    row = closing.standing_decision(taken.session, taken.subject)
    facts = [fact for fact in taken.ground.facts if fact.type == DECIDED]
    key = row.outcome if row else str(facts[-1].data.get("outcome", "")) if facts else ""
    outcome = next((one for one in taken.profile.closing_outcomes if one.id == key), None)
    if outcome is not None and outcome.leads_to == "continued":
        raise StepRefused(texts.text("course.closing.goes_on", outcome=outcome.title))
    if outcome is not None and outcome.leads_to == "file_control":
        raise StepRefused(texts.text("course.closing.is_watched", outcome=outcome.title))
    _over(taken, outcome)


def into_card_index(taken: Taken) -> None:
    """Put the case on the card index."""
    review_on = taken.answers.get("review_on")
    day = review_on if isinstance(review_on, date) else None
    if day is not None and day <= taken.on:
        raise StepRefused(texts.text("course.wrong.day_past"), field_name="review_on")
    card_index.put_in(taken.session, taken.subject, taken.on, day, hand_of(taken))


def out_of_card_index(taken: Taken) -> None:
    """Take the case off the card index: over, or worked on again."""
    ended_as = str(taken.answers.get("ended_as", "case"))
    card_index.take_out(taken.session, taken.subject, taken.on, ended_as, hand_of(taken))
    if ended_as == closing.DEREGISTERED:
        closing.end(taken.session, taken.subject, taken.on, hand_of(taken))


def aftercare_ended(taken: Taken) -> None:
    """End help after a case."""
    aftercare.finish(taken.session, taken.subject, str(taken.answers.get("ended_as", "")), taken.on, hand_of(taken))


def early_help_ended(taken: Taken) -> None:
    """End early help: its owner sees the family no more."""
    closing.end(taken.session, taken.subject, taken.on, hand_of(taken))


def reopened(taken: Taken) -> None:
    """Open a case again; what helped the family meanwhile ends with it."""
    session, subject, by = taken.session, taken.subject, hand_of(taken)
    if subject.closed_on is None:
        raise StepRefused(texts.text("course.closing.open_still"))
    # Two who open at once, a new case and this one: the second waits here and finds the first one's.
    held = select(Family.territory_id).where(Family.id == subject.family_id).with_for_update(key_share=True)
    lives_in = session.scalar(held)
    if lives_in is not None and lives_in != subject.territory_id:
        raise StepRefused(texts.text("course.closing.moved_away"))
    other = standing(session, subject.family_id, CASE) if subject.family_id else None
    if other is not None and other.id != subject.id:
        raise StepRefused(texts.text("course.closing.another_is_open"))
    for plan in aftercare.plans_after(session, subject):
        if plan.subject.closed_on is None:
            data = {"ended_as": "case"}
            record_event(plan.subject, aftercare.ENDED, on=taken.on, data=data, author=taken.by)
            aftercare.finish(session, plan.subject, "case", taken.on, by)
    closing.begin_again(session, subject, taken.on, by)


def came_of_age(taken: Taken) -> None:
    """Let a child who is of age leave the case; the others stay."""
    member = member_of(taken)
    age = member.age(taken.on)
    if age is not None and age < OF_AGE:
        raise StepRefused(texts.text("course.closing.not_of_age", name=member.name), field_name="child")
    closing.leave(taken.session, taken.subject, member.id, "came_of_age", taken.on)


def died(taken: Taken) -> None:
    """Write down that somebody of the family died; nobody counts their years any more."""
    member = member_of(taken, "member")
    member.died_on = taken.on
    closing.leave(taken.session, taken.subject, member.id, closing.DIED, taken.on)


def _plainly(taken: Taken, outcome: str) -> Ending:
    said = {name: str(taken.answers.get(name, "")) for name in ("goals", "family_view")}
    return Ending(outcome, said["goals"], family_view=said["family_view"])


def _over(taken: Taken, outcome: Choice | None) -> None:
    session, subject, by = taken.session, taken.subject, hand_of(taken)
    card_index.take_out(session, subject, taken.on, closing.DEREGISTERED, by)
    closing.end(session, subject, taken.on, by)
    if outcome is not None and outcome.leads_to == LEADS_TO_HELP and subject.family_id is not None:
        session.flush()
        family = session.get_one(Family, subject.family_id)
        if standing(session, family.id, EARLY_HELP) is None:
            open_early_help(session, family, Opening(taken.on, taken.by, taken.enrolment, reason=outcome.title))


EFFECTS: dict[str, Effect] = {
    "closing_decided": decided,
    "deregistered": deregistered,
    "file_control_started": into_card_index,
    "file_control_ended": out_of_card_index,
    "aftercare_ended": aftercare_ended,
    "early_help_closed": early_help_ended,
    "reopened": reopened,
    "child_came_of_age": came_of_age,
    "member_died": died,
}
