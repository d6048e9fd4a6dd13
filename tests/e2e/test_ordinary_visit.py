"""An ordinary visit fits a kitchen: at most forty taps and three minutes of a hand, and all of it arrives."""

from __future__ import annotations

from sqlalchemy import select

from curator_app.extensions import db
from curator_app.visits.models import Visit
from tests.e2e.outbox import states, wait_until
from tests.support import ordinary, walk
from tests.support.browser import Phone
from tests.support.server import LiveServer

MOST_TAPS = 40
MOST_SECONDS = 180


def test_an_ordinary_visit_takes_at_most_forty_taps_and_three_minutes_of_a_hand(
    walker: Phone, server: LiveServer
) -> None:
    ordinary.promise_something(server)
    walk.open_family(walker, ordinary.FAMILY)

    hand = ordinary.ordinary_visit(walker)

    assert hand.counted() == hand.tally.taps
    assert hand.tally.taps <= MOST_TAPS, hand.tally
    assert hand.tally.seconds <= MOST_SECONDS, hand.tally
    wait_until(walker, lambda: set(states(walker)) == {"on_server"})
    with server.app() as app, app.app_context():
        visit = db.session.scalars(select(Visit).order_by(Visit.created_at.desc()).limit(1)).one()
        told = {note.fact for note in visit.notes if note.fact}
        assert told == {ordinary.FACT, ordinary.NEWS}
        assert [one.carried for one in visit.observations] == [True, False]
        assert [promise.what for promise in visit.promises] == ["Узнать о рассрочке долга"]
        assert visit.next_on is not None
        assert visit.next_on.isoformat() == ordinary.in_a_week()
        assert visit.acquaintance is not None
