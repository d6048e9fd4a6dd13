"""`flask demo --families N`: fill an installation that shows the demonstration with many families more."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from curator_app.auth.models import Person
from curator_app.clock import today
from curator_app.demo.bulk import fill
from curator_app.demo.load import install, is_empty
from curator_app.extensions import db

MOST = 100_000
SHOWN = "Туманова Вера Олеговна"


@click.command("demo")
@click.option("--families", type=click.IntRange(1, MOST), required=True, help="How many to add, for a test under load.")
@with_appcontext
def demo(families: int) -> None:
    """Add invented families to the demonstration; never to an installation where people really work."""
    if is_empty(db.session()):
        install(db.session())
        db.session.commit()
    elif db.session.scalars(select(Person.id).where(Person.name == SHOWN)).first() is None:
        message = "Здесь настоящие люди и семьи: придуманные к ним не добавляются. Задайте CURATOR_DATA — пустую папку."
        raise click.ClickException(message)
    began = time.monotonic()
    with click.progressbar(length=families, label="Семьи", show_pos=True) as bar:
        for count in fill(db.session(), families, today("Europe/Moscow")):
            db.session.commit()
            db.session.expunge_all()
            bar.update(count)
    click.echo(f"Добавлено семей: {families} за {time.monotonic() - began:.0f} с.")
