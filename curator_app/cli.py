"""Commands for whoever runs the installation: `flask people`, `flask enrolment-link`."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from curator_app.auth.models import FIELD, OFFICE, Person
from curator_app.auth.service import invite
from curator_app.config import Config
from curator_app.extensions import db


@click.command("people")
@with_appcontext
def people() -> None:
    """List everybody, with posts."""
    for person in db.session.scalars(select(Person).order_by(Person.name)):
        click.echo(f"{person.name} — {person.post}" if person.post else person.name)


@click.command("enrolment-link")
@click.argument("person")
@click.option("--kind", type=click.Choice([FIELD, OFFICE]), default=FIELD, help="A phone for visits, or a desk.")
@with_appcontext
def enrolment_link(person: str, kind: str) -> None:
    """Make a one-time link (72 hours) for PERSON, named by any part of the name."""
    found = _people_named(person)
    if len(found) != 1:
        names = ", ".join(one.name for one in found)
        message = f"Подходят несколько: {names}." if found else f"Никого с «{person}» в имени нет."
        raise click.ClickException(message)
    token = invite(db.session(), found[0], kind)
    db.session.commit()
    config: Config = current_app.config["CURATOR"]
    click.echo(f"{found[0].name}: {config.origin}/enrol#{token}")


def register_commands(app: Flask) -> None:
    """Add our commands to `flask`."""
    app.cli.add_command(people)
    app.cli.add_command(enrolment_link)


def _people_named(fragment: str) -> list[Person]:
    """Return the people whose name holds the fragment, whatever the case and ё."""
    wanted = _plain(fragment)
    everybody = db.session.scalars(select(Person).order_by(Person.name))
    return [person for person in everybody if wanted in _plain(person.name)]


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")
