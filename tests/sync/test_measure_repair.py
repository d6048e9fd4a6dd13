"""First measures that did not apply are put right by their author at a desk, and nobody else."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest

from curator_app.audit.models import AuditRow
from curator_app.presentation import day_year
from curator_app.sync.models import APPLIED, NEEDS_REPAIR, Envelope
from tests.cases.safety_plans import SafetyDesk
from tests.protocol_client import uuid7
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in
from tests.sync.conftest import hand_over

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
MEASURE = "Ночуют у бабушки, пока дома нет света"


@pytest.fixture
def desk(app, people):
    """Vera at her desk; it takes forms without a token."""
    return SafetyDesk(app, people.ryabinkiny, people.vera)


@pytest.fixture
def said(desk):
    """Return the fields of the form."""

    def made(**changes: str) -> dict[str, str]:
        row = {"threat": "Дома отключили свет", "measure": MEASURE, "who": "бабушка", "agreed": "in_person"}
        row |= {"until_on": (demo_day() + timedelta(days=3)).isoformat()}
        fields = {"form_version": "measure@1", "kind": "first_measures", "on": demo_day().isoformat()}
        fields |= {"child": desk.child, "place": "relatives", "with_whom": "бабушка", "child_knows": "Звонит бабушке"}
        return fields | {f"measures-0-{name}": value for name, value in row.items()} | changes

    return made


@pytest.fixture
def parked(phone, family, said, stored):
    """Deliver what does not hold; return its page and the id that the phone gave the plan."""

    def made(**changes: str) -> tuple[str, str]:
        key = uuid7()
        phone.patch(phone.seal("measure", urlencode(said(id=key, family=family, **changes)).encode()))
        (envelope,) = stored(Envelope, kind="measure")
        assert envelope.state == NEEDS_REPAIR
        return f"/repairs/{envelope.id}", key

    return made


def test_what_was_written_stands_in_the_form_and_protects_the_child_once_put_right(desk, people, parked, said, stored):
    path, key = parked(**{"measures-0-who": ""})
    shown = desk.get(path).text
    assert f'{path}/measure"' in shown
    assert day_year(demo_day()) in shown, "a day is said as people say it"
    assert "Не сошлось поле: меры: что угрожает" in shown
    page = desk.get(f"{path}/measure").text
    assert MEASURE in page
    assert "measures-0-threat-wrong" in page
    assert f'value="{desk.child}" selected' in page

    again = desk.post(f"{path}/measure", said(**{"measures-0-who": ""}))
    assert (again.status_code, MEASURE in again.text) == (422, True)
    assert desk.plans() == []
    assert desk.post(f"{path}/measure", said()).status_code == 303

    (plan,) = desk.plans()
    (envelope,) = stored(Envelope, kind="measure")
    assert (str(plan.id), plan.author_id, plan.set_on) == (key, people.vera.id, demo_day())
    assert [row.measure for row in plan.measures] == [MEASURE]
    assert (envelope.state, envelope.about_id) == (APPLIED, uuid.UUID(key))
    assert len(stored(AuditRow, act="safety:set")) == 1
    assert desk.get(f"{path}/measure").status_code == 404, "it waits no more"


def test_what_the_rules_refused_is_refused_in_words_until_it_is_changed(desk, parked, said):
    """A plan wants every adult's agreement; first measures do not."""
    wrong = {"kind": "safety_plan", "measures-0-agreed": "later"}
    path, _ = parked(**wrong)

    again = desk.post(f"{path}/measure", said(**wrong))

    assert again.status_code == 422
    assert 'role="alert"' in again.text
    assert MEASURE in again.text
    assert desk.post(f"{path}/measure", said(**wrong | {"kind": "first_measures"})).status_code == 303
    assert [plan.kind for plan in desk.plans()] == ["first_measures"]


def test_one_measure_more_is_one_row_more_and_nothing_is_recorded(desk, parked, said):
    path, _ = parked(place="moon")

    page = desk.post(f"{path}/measure", said(more="1"))

    assert (page.status_code, MEASURE in page.text) == (200, True)
    assert "measures-1-threat" in page.text
    assert desk.plans() == []


@pytest.mark.parametrize("who", ["igor", "darya"])
def test_nobody_else_puts_it_right(app, desk, people, parked, said, who):
    path, _ = parked(place="moon")
    other = sign_in(app, getattr(people, who))

    assert other.get(f"{path}/measure", base_url=ORIGIN).status_code == 404
    assert other.post(f"{path}/measure", data=said(), base_url=ORIGIN).status_code == 404
    assert desk.plans() == []


def test_a_day_on_which_somebody_else_carried_the_family_is_said_beside_the_day(app, desk, people, parked, said):
    path, _ = parked(place="moon")

    answer = desk.post(f"{path}/measure", said(on="2001-01-01"))

    assert (answer.status_code, "on-wrong" in answer.text) == (422, True)
    hand_over(app, people.vera, date(2020, 1, 1))
    assert desk.post(f"{path}/measure", said()).status_code == 404
    assert desk.plans() == []
