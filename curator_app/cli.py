"""Commands for whoever runs the installation: `flask init`, `flask people`, `flask enrolment-link`."""

from __future__ import annotations

from zoneinfo import available_timezones

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from curator_app.auth.models import FIELD, OFFICE, Person
from curator_app.auth.service import invite
from curator_app.clock import today
from curator_app.config import Config
from curator_app.demo.cli import demo
from curator_app.extensions import db
from curator_app.people.beginning import First, begin, is_begun
from curator_app.prepare import make_push_key, migrate_database
from curator_app.procedures.profiles_loader import names
from curator_app.rules_cli import rules

BEGUN = (
    "Здесь уже работают люди: начать второй раз нельзя, и ничего не изменилось. "
    "Новый человек — на странице «Люди»; ссылка себе — flask enrolment-link ФАМИЛИЯ --kind office."
)


def known_zone(_context: click.Context, _option: click.Parameter, name: str) -> str:
    """Refuse a time zone that nobody knows."""
    if name not in available_timezones():
        message = f"Часового пояса «{name}» нет. Назовите как Asia/Novosibirsk или Europe/Moscow."
        raise click.BadParameter(message)
    return name


def known_procedure(_context: click.Context, _option: click.Parameter, name: str) -> str:
    """Refuse a procedure that is neither of the release nor of the region's own folder."""
    if name not in names():
        message = f"Порядка «{name}» здесь нет. Есть: {', '.join(names())}."
        raise click.BadParameter(message)
    return name


def full_name(_context: click.Context, _option: click.Parameter, name: str) -> str:
    """Ask for a surname and a first name at least."""
    if len(name.split()) <= 1:
        message = "Нужны фамилия, имя и отчество, как в бумагах."
        raise click.BadParameter(message)
    return " ".join(name.split())


@click.command("init")
@click.option("--territory", prompt="Территория (район, город)", help="Name of the first territory.")
@click.option("--zone", prompt="Часовой пояс", default="Europe/Moscow", show_default=True, callback=known_zone)
@click.option("--procedure", prompt="Порядок", default="kdn_stage_table", show_default=True, callback=known_procedure)
@click.option("--organisation", prompt="Организация", help="Name of the first organisation.")
@click.option("--administrator", prompt="Администратор (фамилия, имя, отчество)", callback=full_name)
@click.option("--post", prompt="Должность", default="администратор", show_default=True)
@with_appcontext
def init(territory: str, zone: str, procedure: str, organisation: str, administrator: str, post: str) -> None:  # noqa: PLR0917 - one for each option
    """Begin for real, without the demonstration: first territory, organisation, administrator, one-time link."""
    migrate_database()
    make_push_key()
    if is_begun(db.session()):
        raise click.ClickException(BEGUN)
    first = First(territory.strip(), zone, procedure, organisation.strip(), administrator, post.strip())
    token = begin(db.session(), first, today(zone))
    db.session.commit()
    config: Config = current_app.config["CURATOR"]
    click.echo(f"{administrator}: {config.origin}/enrol#{token}")
    click.echo("Ссылка одноразовая, действует 72 часа. Откройте её на рабочем месте после make run.")


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
    app.cli.add_command(init)
    app.cli.add_command(people)
    app.cli.add_command(demo)
    app.cli.add_command(enrolment_link)
    app.cli.add_command(rules)


def _people_named(fragment: str) -> list[Person]:
    """Return the people whose name holds the fragment, whatever the case and ё."""
    wanted = _plain(fragment)
    everybody = db.session.scalars(select(Person).order_by(Person.name))
    return [person for person in everybody if wanted in _plain(person.name)]


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")
