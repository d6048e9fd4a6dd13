"""One run of the model: steps under faults, then quiet, then the check."""

from __future__ import annotations

import time
from collections import Counter
from types import ModuleType

from curator_app.auth.models import HANDED_IN
from tests.model import acts, faults
from tests.model.acts import DAY_MS
from tests.model.checks import READABLE, check
from tests.model.hands import Hand
from tests.model.phones import TODAYS, PhoneFailed
from tests.model.plan import Step, plan
from tests.model.world import World

MODULES: tuple[ModuleType, ...] = (acts, faults)
QUIET_SECONDS = 90
WORKER_SECONDS = 10
"""So long the worker has to do by itself what is left; one that was killed holds some of it for minutes."""


def run(world: World, seed: int, steps: int) -> Counter[str]:
    """Do the steps of a seed, let everything settle, check; return how often each thing happened."""
    done: Counter[str] = Counter()
    for number, step in enumerate(plan(seed, steps)):
        try:
            do(world, step)
        except AssertionError as error:
            raise AssertionError(f"step {number} {step}: {error}") from error
        done[step.name] += 1
    quiet(world)
    check(world)
    return done


def do(world: World, step: Step) -> None:
    """Do one step."""
    act = next(getattr(module, step.name) for module in MODULES if hasattr(module, step.name))
    act(world, world.hands[step.phone], step)


def quiet(world: World) -> None:
    """Faults end, drafts are finished, days pass, and everybody sends until nothing changes any more."""
    for hand in world.hands:
        hand.proxy.heal()
        for draft in hand.look()["drafts"]:
            hand.do("finish", id=draft["id"])
    for hand, way in world.retired:
        _empty(world, hand, way)
    for _ in range(2):
        asked = [_asked_at(hand) for hand in world.hands]
        for hand in world.hands:
            # What hung has been given up by now, and the day's question after all that the phone holds is due.
            hand.phone.put_clock_forward(DAY_MS + 1)
        _settle(world, asked)


def _empty(world: World, hand: Hand, way: str) -> None:
    """A phone that was switched off meets the network again: whoever has it, it delivers and empties itself."""
    hand.proxy.heal()
    hand.phone.client = TODAYS
    world.switch_off(hand, way)
    hand.phone.start()
    if way == HANDED_IN:
        for draft in hand.look()["drafts"]:
            hand.do("finish", id=draft["id"])
        try:
            hand.look()
        except PhoneFailed:
            # With nothing unsent it empties itself as soon as it hears the order: then there is nothing to open.
            if _holds(hand):
                raise
    deadline = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < deadline and _holds(hand):
        hand.phone.do("sendNow")
        time.sleep(0.1)


def _holds(hand: Hand) -> bool:
    """Tell whether something readable is left: the order to empty itself comes with the server's next answer."""
    stores = hand.phone.do("look", short=hand.short)["stores"]
    return any(stores[store] for store in READABLE)


def _asked_at(hand: Hand) -> int:
    """Return when the phone last asked after all that it holds, by its own clock."""
    return int(hand.look()["line"]["checked_at"])


def _settle(world: World, asked: list[int]) -> None:
    """Send until nothing changes any more, and at least until every phone has asked its day's question anew."""
    began = time.monotonic()
    before: object = None
    while time.monotonic() < began + QUIET_SECONDS:
        # Asked before the phones ask: what the server does after its answer they hear only the next time.
        had_work = world.has_work()
        now = [_sent(world, number) for number in range(len(world.hands))]
        on_its_way = any(row[1] in {"waiting", "sending"} for rows in now for row in rows)
        has_asked = all(_asked_at(hand) != former for hand, former in zip(world.hands, asked, strict=True))
        if now == before and has_asked and not on_its_way and not had_work:
            return
        before = now
        world.sweep()
        if time.monotonic() > began + WORKER_SECONDS:
            world.minutes_pass_here()
        time.sleep(0.3)


def _sent(world: World, number: int) -> list[tuple[str, str, str]]:
    """Send all that waits on a phone; return how its rows stand."""
    hand = world.hands[number]
    hand.do("sendNow")
    rows = hand.look()["rows"]
    return [(row["id"], row["state"], (row["receipt"] or {}).get("state", "")) for row in rows]
