"""What people of a story do on pages of their own: a curator is named, copies go out, a case is closed."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from datetime import date, timedelta

Answers = dict[str, str | list[str]]
SIGN = "ci_hungry"
"""One of the signs of the instrument of a child that came along."""


class Acts(ABC):
    """Acts by the words of the story; how a page is opened and a form sent is the desk's business."""

    subject: uuid.UUID | None
    today: date

    @abstractmethod
    def read(self, who: str, path: str) -> str:
        """Open a page and return what stands there."""

    @abstractmethod
    def send(self, who: str, path: str, said: Answers, part: str = "") -> None:
        """Open a page, fill the form that has these fields, send it and see that it was taken."""

    @abstractmethod
    def go_on_with(self, kind: str) -> uuid.UUID:
        """Turn to the newest subject of a kind."""

    def here(self, page: str) -> str:
        """Return the address of one of the subject's pages."""
        return f"/subjects/{self.subject}/{page}"

    def dated(self, **said: str | list[str]) -> Answers:
        """Return answers of today."""
        return {"on": self.today.isoformat(), **said}

    def step(self, who: str, event: str, /, **said: str | list[str]) -> None:
        """Take a step on the form that all steps share."""
        self.send(who, self.here(f"steps/{event}"), self.dated(**said))

    # ── The signal ──

    def notice(self, who: str, known_on: date, known_time: str = "") -> None:
        """Let a specialist write a notice of the story's child."""
        said: Answers = {
            "facts": "Петя третью неделю приходит без обеда",
            "known_on": known_on.isoformat(),
            "known_time": known_time,
            "source": "school",
            "safe_now": "unknown",
            "children-0-name": "Рассказов Петя",
            "children-0-age": "9 лет",
            "adults": "Рассказова Нина",
            "address": "ул. Рассказа, 1",
        }
        self.send(who, "/notices/new", said)
        self.go_on_with("signal")

    def register(self, who: str) -> None:
        """Write the signal into the journal."""
        self.send(who, f"/signals/{self.subject}", {}, part="/register")

    def survey(self, who: str) -> None:
        """Draw up the act on living conditions."""
        said: Answers = {
            "surveyed_on": self.today.isoformat(),
            "surveyed_by": "Учителева И. О., социальный педагог",
            "child_name": "Рассказов Пётр",
            "place_actual": "ул. Рассказа, 1",
            "without_care": "no",
            "threat": "no",
            "conclusion": "Нужна помощь с питанием и школой",
        }
        self.send(who, self.here("steps/survey_done"), said)

    def finish_diagnosis(self, who: str) -> None:
        """Mark one sign of the child's instrument, with its fact, and end the primary diagnosis."""
        seen: Answers = {
            f"{SIGN}-mark": "mark_present",
            f"{SIGN}-fact": "Три недели без обеда, просит хлеб",
            f"{SIGN}-source": "вижу сам",
            f"{SIGN}-on": self.today.isoformat(),
        }
        self.send(who, self.here("instruments?child=0"), seen)
        self.send(who, self.here("steps/primary_diagnosis_done"), {}, part="/finish")

    def level(self, who: str, **values: str) -> None:
        """Decide the level or category of the family."""
        said = self.dated(**values, decided_by="Комиссия", reason="Нужна помощь нескольких служб")
        self.send(who, self.here("decision"), said, part="/level")

    def conclude(self, who: str, outcome: str, resolution: str = "", owner: str = "") -> None:
        """Decide what follows from the signal; turn to the case that it opens, or to the early help of an owner."""
        said = self.dated(outcome=outcome, decided_by="Комиссия", reason="Сведения подтвердились", surname="Рассказовы")
        said |= {"address": "ул. Рассказа, 1", "child-0": "Петя", "born-0": "2017-05-05", "adults": "Нина"}
        if resolution:
            said |= {"resolution_no": resolution, "resolution_on": self.today.isoformat()}
        if owner:
            said["owner"] = owner
        self.send(who, self.here("decision"), said, part="/outcome")
        self.go_on_with("early_help" if owner else "case")

    # ── The case ──

    def assign_curator(self, who: str, curator: str) -> None:
        """Name the first curator."""
        self.send(who, self.here("steps/curator_assigned"), self.dated(person=curator))

    def form_group(self, who: str, chair: str, members: list[str]) -> None:
        """Write down the working group."""
        self.send(who, self.here("steps/group_formed"), self.dated(chair=chair, members=[chair, *members]))

    def send_copies(self, who: str, paper: str, to: list[str]) -> None:
        """Note to whom the copies of a paper went."""
        event = "resolution_copies_sent" if paper == "resolution" else "plan_copies_sent"
        self.send(who, self.here(f"steps/{event}"), self.dated(paper=paper, to=to))

    def acquaint(self, who: str, *papers: str) -> None:
        """Acquaint the family, each paper an act of its own."""
        for paper in papers:
            said = self.dated(about=paper, who=["Нина"], how=["read_aloud", "copy_given"], signed="paper")
            self.send(who, self.here("steps/family_acquainted"), said)

    def recognise_need(self, who: str) -> None:
        """Recognise that the family needs social services."""
        self.send(who, self.here("services"), self.dated(number="3"), part="/need")

    def services(self, who: str, what: str, until: date) -> None:
        """Make a programme of social services."""
        said = {"what": [what], "volume": ["2 раза в неделю"], "term": ["полгода"], "provider": ["Центр"]}
        days = {"since": self.today.isoformat(), "until": until.isoformat()}
        self.send(who, self.here("services"), self.dated(number="5", **days, **said))

    def remove_child(self, who: str, child: str) -> None:
        """Write down that a child was taken from home."""
        self.send(who, self.here("placement"), self.dated(child=child, event="child_removed"))

    def place_child(self, who: str, child: str, kind: str) -> None:
        """Write down where a child lives."""
        self.send(who, self.here("placement"), self.dated(child=child, event="child_placed", kind=kind))

    def return_child(self, who: str, child: str) -> None:
        """Write down that a child is home again."""
        self.send(who, self.here("placement"), self.dated(child=child, event="child_returned"))

    def review(self, who: str, outcome: str) -> None:
        """Write down the interim review."""
        self.send(who, self.here("steps/interim_review_held"), self.dated(outcome=outcome, number="31"))

    def close(self, who: str, outcome: str, goals: str) -> None:
        """Decide how the case ends."""
        said = self.dated(outcome=outcome, goals=goals, agrees="yes", why="Решено вместе с семьёй")
        self.send(who, self.here("steps/closing_decided"), said)

    def deregister(self, who: str) -> None:
        """Take the family off the register."""
        self.step(who, "deregistered", number="40")

    def hand_over_to(self, who: str, district: str, why: str) -> None:
        """Offer the case to another district."""
        self.send(who, self.here("transfer"), {"territory": district, "reason": why})

    # ── The emergency ──

    def answer_alarm(self, who: str, alarm: str) -> None:
        """Answer a call for help as a named person."""
        said: Answers = {"how": "duty_took", "reply": "Выезжаем"}
        self.send(who, f"/duty/alarms/{alarm}", said, part="/answer")

    def tell(self, who: str, alarm: str, body: str) -> None:
        """Write down that a body was told."""
        said: Answers = {"addressee": body, "state": "told", "accepted_by": "Дежурная Норина"}
        self.send(who, f"/duty/alarms/{alarm}", said, part="/notices")

    def note_done(self, who: str, alarm: str, words: str) -> None:
        """Write down what was done in the emergency."""
        self.send(who, f"/duty/alarms/{alarm}", {"done": words}, part="/done")

    def begin_aftercare(self, who: str, owner: str) -> None:
        """Put what follows the case into somebody's hands."""
        said: Answers = {"since_on": self.today.isoformat(), "owner": owner, "agreed": "Звоним раз в месяц"}
        said |= {"every_days": "30", "until_on": (self.today + timedelta(days=90)).isoformat()}
        self.send(who, f"/cases/{self.subject}/aftercare", said)

    def end_aftercare(self, who: str) -> None:
        """End what followed the case."""
        self.step(who, "aftercare_ended", ended_as="stable", reason="Положение устойчиво")
