"""What goes wrong on the way and at the server. Each takes the world, whose phone, and the step."""

from __future__ import annotations

from tests.model.hands import Hand
from tests.model.plan import Step, pick
from tests.model.world import World
from tests.support.proxy import PORTAL, status_answer

LONGEST_UPLOAD = 12_000
"""Bytes of a request: most cuts fall into headers, text and pictures alike, some behind the end."""
HEADERS = 1_600
"""A flipped bit there is what TLS would have found: only bodies are damaged."""
ANSWERS = ("500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "429 Too Many Requests")


def cut(_: World, hand: Hand, step: Step) -> None:
    """The connection breaks at some byte of the next upload."""
    hand.proxy.cut_up_after = 1 + int(step.how * LONGEST_UPLOAD)


def lose_answer(_: World, hand: Hand, step: Step) -> None:
    """The server does its work and nobody hears of it."""
    hand.proxy.drop_answers += 1 + int(step.how * 2)


def damage(_: World, hand: Hand, step: Step) -> None:
    """A bit flips in the next upload that is long enough."""
    hand.proxy.flip_up_at = HEADERS + int(step.how * LONGEST_UPLOAD)


def delay(_: World, hand: Hand, step: Step) -> None:
    """The link becomes slow to answer."""
    hand.proxy.round_trip_seconds = step.how * 0.2


def unreachable(_: World, hand: Hand, __: Step) -> None:
    """No server behind the network, until it heals."""
    hand.proxy.refuse = True


def portal(_: World, hand: Hand, __: Step) -> None:
    """A hotel's network answers for the server, once."""
    hand.proxy.answers.append(PORTAL)


def busy(_: World, hand: Hand, step: Step) -> None:
    """The server, or what stands before it, has no time."""
    hand.proxy.answers.append(status_answer(str(pick(list(ANSWERS), step.how))))


def heal(_: World, hand: Hand, __: Step) -> None:
    """The network is as it should be."""
    hand.proxy.heal()


def kill_server(world: World, _: Hand, __: Step) -> None:
    """The web process dies in the middle of whatever it does, and is started again."""
    world.server.kill("web")
    world.server.start_web()


def kill_worker(world: World, _: Hand, __: Step) -> None:
    """The worker dies, perhaps with a picture in its hands."""
    world.server.kill("worker")
    world.server.start_process("worker")


def sweep(world: World, _: Hand, __: Step) -> None:
    """The minute's look at what is left to be done."""
    world.sweep()


def back_up(world: World, _: Hand, __: Step) -> None:
    """A copy of the server's database and pictures is taken and verified while it works."""
    world.back_up()


def restore(world: World, _: Hand, __: Step) -> None:
    """The server is set back to its last copy."""
    world.restore()


def hand_over(world: World, hand: Hand, step: Step) -> None:
    """A family goes to somebody else, as of yesterday."""
    family, _ = pick(hand.families, step.which)
    world.assign(hand, family, is_theirs=False)


def hand_back(world: World, hand: Hand, step: Step) -> None:
    """And comes back."""
    family, _ = pick(hand.families, step.which)
    world.assign(hand, family, is_theirs=True)
