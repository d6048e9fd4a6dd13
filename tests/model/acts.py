"""What hands do, and what happens to the phones in their pockets. Each takes the world, whose phone, and the step."""

from __future__ import annotations

from typing import Any

from curator_app.auth.models import HANDED_IN, LOST
from curator_app.clock import now
from tests.model.hands import Hand
from tests.model.phones import TODAYS
from tests.model.plan import Step, pick
from tests.model.world import World
from tests.protocol_client import uuid7

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
FORMS = ("visit@1", "visit@2")
MOST_PHOTOS = 4


def write(world: World, hand: Hand, step: Step) -> None:
    """Begin a visit with up to three pictures; now and then on the former form, or with a date that no server takes."""
    draft = _visit(world, hand, step)
    hand.begun.add(hand.do("write", **draft))


def finish(_: World, hand: Hand, step: Step) -> None:
    """«Готово» for one of the drafts."""
    draft = pick(sorted(hand.begun - hand.done), step.which)
    if draft and hand.do("finish", id=draft):
        hand.done.add(draft)


def contact(world: World, hand: Hand, step: Step) -> None:
    """Write a call down."""
    hand.done.add(hand.do("contact", **_contact(world, hand, step)))


def alarm(world: World, hand: Hand, step: Step) -> None:
    """«Срочно»."""
    hand.done.add(hand.do("alarm", **_alarm(world, hand, step)))


def alarm_act(_: World, hand: Hand, step: Step) -> None:
    """Add to a call for help, or end it."""
    act = "note" if step.how < 0.6 else "cancel"
    hand.do("alarmAct", act=act, fields=[["facts_done", f"Сделано {step.much}"]])


def amend(world: World, hand: Hand, step: Step) -> None:
    """«Дописать или исправить»: a correction, or a supplement with a picture; it repairs what was refused, too."""
    visits = [row for row in hand.look()["rows"] if row["kind"] == "visit"]
    row = pick(visits, step.which)
    if row is None:
        return
    changes = [["good_today", f"Точнее {step.much}"], ["on", world.day]]
    photos = world.pictures(step.much, 1 if step.how < 0.4 else 0)
    draft = hand.do("amend", group=row["group"], changes=changes, photos=photos)
    if draft is None:
        return
    hand.begun.add(draft)
    if hand.do("finish", id=draft):
        hand.done.add(draft)


def lock(_: World, hand: Hand, __: Step) -> None:
    """«Скрыть»."""
    if hand.phone.is_on:
        hand.phone.do("lock")


def unlock(_: World, hand: Hand, __: Step) -> None:
    """The finger."""
    hand.open()


def send(_: World, hand: Hand, step: Step) -> None:
    """«Отправить сейчас», or the network is back; nobody waits for the end of it."""
    if hand.phone.is_on:
        hand.phone.begin("sendNow" if step.how < 0.7 else "sendAgain")


def again(_: World, hand: Hand, step: Step) -> None:
    """The network delivers an upload that went out before once more, or several times at once."""
    if hand.phone.is_on:
        hand.phone.begin("again", which=step.which, times=1 + int(step.much * 3))


def kill(_: World, hand: Hand, __: Step) -> None:
    """The battery is empty; the phone stays off until somebody needs it."""
    if hand.phone.is_on:
        hand.phone.kill()


def kill_at_work(world: World, hand: Hand, step: Step) -> None:
    """The battery ends in the middle of an act."""
    draft = pick(sorted(hand.begun - hand.done), step.which)
    if draft and step.how < 0.5:
        told = hand.do_and_die("finish", step.much, id=draft)
        assert told is None or draft in hand.done
    elif step.how < 0.8:
        visit = _visit(world, hand, step)
        told = hand.do_and_die("write", step.much, **visit)
        if told or visit["id"] in {one["id"] for one in hand.look()["drafts"]}:
            hand.begun.add(visit["id"])
    else:
        hand.do_and_die("contact", step.much, **_contact(world, hand, step))


def update(_: World, hand: Hand, __: Step) -> None:
    """The phone gets today's client; for good: its storage is of today's shape from then on."""
    if hand.phone.is_on:
        hand.phone.kill()
    hand.phone.client = TODAYS
    hand.look()


def lose(world: World, hand: Hand, _: Step) -> None:
    """«Потерян»: what was begun on it dies, what was sealed does not."""
    hand.look()
    hand.begun &= hand.done
    world.retire(hand, LOST)


def hand_in(world: World, hand: Hand, _: Step) -> None:
    """«Сдать»: it works until everything is finished and sent."""
    hand.look()
    world.retire(hand, HANDED_IN)


def minutes_pass(_: World, hand: Hand, step: Step) -> None:
    """Time passes on this phone: back-off ends."""
    hand.open()
    hand.phone.put_clock_forward(int(step.much * 30 * MINUTE_MS))
    hand.phone.begin("sendAgain")


def a_day_passes(_: World, hand: Hand, __: Step) -> None:
    """A day on: the phone asks after everything it holds."""
    hand.look()
    hand.phone.put_clock_forward(DAY_MS)
    hand.phone.begin("sendAgain")


def a_week_passes(_: World, hand: Hand, __: Step) -> None:
    """A week on: what is applied and in a verified copy may go."""
    hand.look()
    hand.phone.put_clock_forward(8 * DAY_MS)
    hand.phone.begin("sendAgain")


def a_month_passes(world: World, hand: Hand, __: Step) -> None:
    """A month on: the phone lets go of what has been applied since; no older copy of the server comes back after it."""
    hand.look()
    world.forget_backups()
    hand.phone.put_clock_forward(31 * DAY_MS)
    hand.phone.begin("sendAgain")


def _visit(world: World, hand: Hand, step: Step) -> dict[str, Any]:
    family, surname = pick(hand.families, step.which)
    key, broken = uuid7(), step.how > 0.93
    if broken:
        hand.rejectable.add(key)
    on = "2199-01-01" if broken else world.day
    fields = [
        ["on", on],
        ["started", "14:05"],
        ["outcome", "visit"],
        ["where", "at_home"],
        ["good_today", f"Тепло {key}"],
    ]
    photos = world.pictures(step.how, int(step.much * MOST_PHOTOS))
    version = FORMS[step.how > 0.2]
    return {
        "id": key,
        "family": family,
        "surname": surname,
        "form_version": version,
        "fields": fields,
        "photos": photos,
    }


def _contact(world: World, hand: Hand, step: Step) -> dict[str, Any]:
    family, surname = pick(hand.families, step.which)
    fields = [["on", world.day], ["kind", "contact_call"], ["with_whom", "мама"], ["summary", f"Разговор {step.much}"]]
    about = {"family": family, "surname": surname, "form_version": "contact@1"}
    return {"id": uuid7(), **about, "fields": fields}


def _alarm(_: World, hand: Hand, step: Step) -> dict[str, Any]:
    family, surname = pick(hand.families, step.which)
    fields = [["need", "need_doctor"], ["facts_seen", f"Горячий {now().isoformat()} {step.much}"]]
    return {"family": family, "surname": surname, "form_version": "urgent_content@1", "fields": fields}
