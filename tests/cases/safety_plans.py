"""Somebody at a desk before the safety page of a family's case: sets, ends, reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from curator_app.auth.models import Person
from curator_app.cases.safety_models import SafetyMeasure, SafetyPlan
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from curator_app.subjects.models import Subject
from tests.support.days import demo_day
from tests.support.people import ORIGIN, sign_in

MEASURE = "Вечером с детьми бабушка"
ADDRESS = "ул. Потаённая, 3"
KNOWS = "Звонит бабушке, знает номер"


class SafetyDesk:
    """One person's browser at an office."""

    def __init__(self, app: Flask, family: Family, person: Person) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app, self.client = app, sign_in(app, person)
        self.family_id = family.id
        with app.app_context():
            self.case = db.session.scalars(
                select(Subject.id).where(Subject.family_id == family.id, Subject.kind == "case")
            ).one()
            members = db.session.scalars(select(FamilyMember).where(FamilyMember.family_id == family.id))
            self.children = {one.name: str(one.id) for one in members if one.kind == "child"}
        self.child = next(iter(self.children.values()))
        self.home = f"/subjects/{self.case}/safety"

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"HX-Request": "true"}, base_url=ORIGIN)

    def post(self, path: str, data: dict[str, str]) -> Any:
        return self.client.post(path, data=data, headers={"HX-Request": "true"}, base_url=ORIGIN)

    def page(self) -> str:
        answer = self.get(self.home)
        assert answer.status_code == 200
        return str(answer.text)

    def set(self, kind: str, *, agreed: str = "in_person", of: str = "", **changes: str) -> Any:
        values = {
            "on": demo_day().isoformat(),
            "child": self.children.get(of, self.child),
            "place": "relatives",
            "place_words": "у бабушки по маме",
            "place_address": ADDRESS,
            "with_whom": "бабушка, Рябинкина Н. П.",
            "child_knows": KNOWS,
            "measures-0-threat": "Дети одни вечером",
            "measures-0-measure": MEASURE,
            "measures-0-who": "бабушка",
            "measures-0-until_on": (demo_day() + timedelta(days=14)).isoformat(),
            "measures-0-agreed": agreed,
        }
        return self.post(f"{self.home}/new?kind={kind}", values | changes)

    def end(self, plan: SafetyPlan, **changes: str) -> Any:
        values = {
            "on": demo_day().isoformat(),
            "reason": "threat_gone",
            "words": "Мама вернулась с вахты",
            "decided_by": "Осокина Д. А., заведующая отделением",
        }
        return self.post(f"{self.home}/{plan.id}/end", values | changes)

    def plans(self) -> list[SafetyPlan]:
        with self.app.app_context():
            loaded = selectinload(SafetyPlan.measures).selectinload(SafetyMeasure.checks)
            query = select(SafetyPlan).join(Subject).where(Subject.family_id == self.family_id)
            query = query.order_by(SafetyPlan.created_at.desc()).options(selectinload(SafetyPlan.child))
            found = list(db.session.scalars(query.options(loaded)))
            db.session.expunge_all()
            return found
