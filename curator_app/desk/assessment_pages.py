"""Papers of a check as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curator_app.cases.groups import group_of
from curator_app.desk.case_access import Opened
from curator_app.desk.check_access import signal_of
from curator_app.desk.check_pages import Errors, render
from curator_app.extensions import db
from curator_app.intake.check_forms import InvestigationForm, SurveyHeadForm
from curator_app.intake.check_models import FAMILY, SurveyAct
from curator_app.intake.findings import findings_of
from curator_app.intake.instruments import instruments
from curator_app.intake.investigating import Task, investigation_of
from curator_app.intake.survey import Question, survey_form

SPARE_LINES = 2


def children_of(opened: Opened) -> list[Any]:
    """Return the children as they were told."""
    return signal_of(opened).children


def survey_html(opened: Opened, head: SurveyHeadForm, answers: Mapping[str, Any], errors: Errors | None = None) -> str:
    """Render the form of an act on living conditions."""
    errors = errors or head.sentences()
    return render("check/survey.html", opened, form=survey_form(), head=head, answers=answers, errors=errors)


def act_html(opened: Opened, row: SurveyAct) -> str:
    """Render an act: only the lines that were filled in."""
    form = survey_form()
    raw = "intake" in opened.hats or row.author_id == opened.reader_id
    lines = [
        (section, [(one, one.words(row.answers[one.id])) for one in section.questions if _shown(one, row, raw=raw)])
        for section in form.sections
    ]
    known = {one.id for one in form.questions}
    # A line of an older form that this one does not have is still part of the act.
    rest = [(name, value) for name, value in row.answers.items() if name not in known]
    return render("check/act.html", opened, row=row, form=form, sections=[one for one in lines if one[1]], rest=rest)


def _shown(question: Question, row: SurveyAct, *, raw: bool) -> bool:
    """Tell whether a line was filled in and is for this reader."""
    return bool(row.answers.get(question.id)) and (raw or not question.raw)


def instruments_html(
    opened: Opened, child: int, errors: Errors | None = None, posted: Mapping[str, str] | None = None
) -> str:
    """Render the instrument of one child or of the family, with what stands marked."""
    kept = instruments()
    if child == FAMILY:
        groups: Sequence[Any] = [(one.id, one.items) for one in kept.family_risk_factors.sections]
        of = kept.family_risk_factors
    else:
        groups, of = [("", kept.child_indicators.items)], kept.child_indicators  # type: ignore[assignment]
    standing = {item: row for (whose, item), row in findings_of(db.session(), opened.subject).items() if whose == child}
    return render(
        "check/instruments.html",
        opened,
        kept=kept,
        of=of,
        groups=groups,
        child=child,
        children=children_of(opened),
        standing=standing,
        posted=posted or {},
        errors=errors or {},
    )


def investigation_html(
    opened: Opened,
    form: InvestigationForm | None = None,
    plan: Sequence[Task] | None = None,
    errors: Errors | None = None,
) -> str:
    """Render the group, and the short plan."""
    row = investigation_of(db.session(), opened.subject)
    if form is None:
        form = InvestigationForm(formdata=None, data={"members": row.members if row else ""})
        plan = [Task(**line) for line in row.plan] if row else []
    lines = [*(plan or []), *([Task("")] * SPARE_LINES)]
    seats = group_of(db.session(), opened.subject)
    errors = {**form.sentences(), **(errors or {})}
    return render("check/investigation.html", opened, row=row, form=form, plan=lines, seats=seats, errors=errors)
