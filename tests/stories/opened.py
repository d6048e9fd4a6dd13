"""TEMPORARY: open a case in the harness until the decision's page stands."""

from __future__ import annotations

from datetime import date

from curator_app.auth.models import Person, Territory
from curator_app.cases.opening import Opening, Resolution, open_case
from curator_app.extensions import db
from curator_app.families.models import Family, FamilyMember
from tests.support.story import Desk


def opened(desk: Desk, decided: dict, number: str = "") -> None:
    with desk.app.app_context():
        family = Family(
            surname="Рассказовы",
            address="ул. Рассказа, 1",
            territory=db.session.get_one(Territory, desk.world.territory_id),
        )
        family.members.append(
            FamilyMember(kind="adult", name="Нина", relation="мама", born_on=date(1990, 1, 1), position=0)
        )
        family.members.append(FamilyMember(kind="child", name="Петя", born_on=date(2017, 5, 5), position=1))
        db.session.add(family)
        db.session.flush()
        paper = Resolution(number, desk.today, "Постановление") if number else None
        subject = open_case(
            db.session(),
            family,
            Opening(
                on=desk.today,
                by=db.session.get_one(Person, desk.world.people["Секретарёва"]),
                decided=decided,
                reason="Причина",
                resolution=paper,
            ),
        )
        desk.subject = subject.id
        db.session.commit()
