"""`flask rules`: a methodologist's commands about procedures. They read files and change nothing."""

from __future__ import annotations

import json
import os.path
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import available_timezones

import click

from curator_app.procedures.calendar import calendar_of
from curator_app.procedures.events_file import read_events, read_moment
from curator_app.procedures.explaining import as_data, as_table, told
from curator_app.procedures.facts import UnreadableFact
from curator_app.procedures.profile_definition import Profile
from curator_app.procedures.profile_diff import differences
from curator_app.procedures.profiles_loader import load_profile, profile_of, read_profile, released
from curator_app.procedures.quotes import not_found, quotes_of
from curator_app.procedures.toml_files import FileError
from curator_app.procedures.vocabulary import EVERY_KIND, meaning_in, types_of, vocabulary

MALFORMED = 2
File = click.Path(path_type=Path)


class Rules(click.Group):
    """Commands that say in Russian, in one sentence, what is wrong with the words they were given."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            refuse([_wrongly_written(error, self.list_commands(ctx))])


@click.group("rules", cls=Rules)
def rules() -> None:
    """Порядки как данные: проверить, сравнить, объяснить сроки."""


@rules.command("check")
@click.argument("files", nargs=-1, required=True, type=File, metavar="ФАЙЛ…")
def check(files: tuple[Path, ...]) -> None:
    """Проверить файл порядка: что в нём не так и где."""
    faults: list[str] = []
    for path in files:
        try:
            profile = read_profile(path)
        except FileError as error:
            faults += error.faults
        else:
            stated = f"обязанностей {len(profile.duties)}, этапов {len(profile.stages)}, ролей {len(profile.roles)}"
            click.echo(f"{path.name}: порядок «{profile.key}» читается: {stated}.")
    if faults:
        refuse(faults)


@rules.command("events")
@click.argument("names", nargs=-1, metavar="[ПОРЯДОК…]")
def events(names: tuple[str, ...]) -> None:
    """Показать словарь событий: чьи они, что значат и как названы в каждом порядке."""
    profiles = [find(name) for name in names or released()]
    known = dict(vocabulary())
    for profile in profiles:
        known |= {name: one for name, one in types_of(profile).items() if name not in known}
    for name, one in known.items():
        whose = "любой subject" if one.kinds == EVERY_KIND else ", ".join(one.kinds)
        with_it = f" · data: {', '.join(one.data)}" if one.data else ""
        click.echo(f"{name} — {one.title} ({whose}{with_it})")
        for profile in profiles:
            if name in types_of(profile) and (meaning := meaning_in(profile, name)) != one.title:
                click.echo(f"    {profile.key}: {meaning}")


@rules.command("diff")
@click.argument("first", metavar="А")
@click.argument("second", metavar="Б")
def diff(first: str, second: str) -> None:
    """Сказать словами, чем отличаются два порядка."""
    ours, theirs = find(first), find(second)
    click.echo(f"{ours.id} — {ours.title}\n{theirs.id} — {theirs.title}")
    found = differences(ours, theirs)
    for part in found:
        click.echo(f"\n{part.title}")
        for line in part.lines:
            click.echo(f"  · {line}")
    if not found:
        click.echo("Отличий нет.")


@rules.command("quotes")
@click.argument("folder", type=File, metavar="ПАПКА")
@click.argument("names", nargs=-1, metavar="[ПОРЯДОК…]")
def quotes(folder: Path, names: tuple[str, ...]) -> None:
    """Найти каждую цитату в документах: имя файла начинается с номера документа."""
    if not folder.is_dir():
        refuse([f"Папки «{folder}» нет: назовите ту, где лежат тексты документов."])
    every = [quote for name in names or released() for quote in quotes_of(find(name))]
    try:
        missing = list(not_found(every, folder))
    except FileError as error:
        refuse(error.faults)
    for quote, file in missing:
        where = f"в {file} нет слов" if file else f"нет файла, чьё имя начинается с {quote.doc}; слова"
        click.echo(f"{quote.profile}, {quote.place}: {where} «{quote.text}»", err=True)
    click.echo(f"Цитат {len(every)}, не найдено {len(missing)}.")
    if missing:
        raise click.exceptions.Exit(1)


@rules.command("explain")
@click.argument("name", metavar="ПОРЯДОК")
@click.argument("file", type=File, metavar="СОБЫТИЯ.json")
@click.option("--as-of", "as_of", default="", metavar="ДАТА", help="На какой день: 2026-11-30.")
@click.option("--json", "machine", is_flag=True, help="Для программы, а не таблицей.")
@click.option("--zone", default="", metavar="ПОЯС", help="Часовой пояс, если не тот, что назван в порядке.")
def explain(name: str, file: Path, as_of: str, zone: str, *, machine: bool) -> None:
    """Показать все обязанности и сроки, которые следуют из списка событий."""
    profile = find(name)
    moment = _moment(as_of)
    if zone and zone not in available_timezones():
        refuse([f"--zone: часового пояса «{zone}» нет; пишется как Asia/Novosibirsk."])
    own = zone or profile.zone
    try:
        stories = read_events(file, profile, own)
        found = told(profile, stories, calendar_of(profile.calendar), moment, own)
    except FileError as error:
        refuse(error.faults)
    except UnreadableFact as error:
        refuse([f"{file.name}, событие «{error.fact_id}»: {error.fault}."])
    if machine:
        click.echo(json.dumps(as_data(profile, found, zone), ensure_ascii=False, indent=2))
    else:
        click.echo(as_table(profile, found, moment, own))


def find(name: str) -> Profile:
    """Return a profile by its name, its name and version, or its file; say what is wrong and end otherwise."""
    path = Path(name)
    try:
        if path.suffix or os.path.isfile(name):  # noqa: PTH113 - a name too long for a file is no error here
            return read_profile(path)
        return load_profile(name) if "@" in name else profile_of(name)
    except FileError as error:
        refuse(error.faults)


def refuse(faults: tuple[str, ...] | list[str]) -> NoReturn:
    """Say one sentence a fault where errors are read, and end."""
    for fault in faults:
        click.echo(fault, err=True)
    raise click.exceptions.Exit(MALFORMED)


def _wrongly_written(error: click.UsageError, commands: list[str]) -> str:
    match error:
        case click.MissingParameter():
            return f"Не хватает: {error.param.make_metavar(error.ctx) if error.param and error.ctx else ''}."
        case click.NoSuchOption():
            return f"Ключа «{error.option_name}» нет."
        case click.BadOptionUsage():
            return f"После {error.option_name} нужно значение."
        case click.exceptions.NoSuchCommand():
            return f"Команды «{error.command_name}» нет; есть: {', '.join(commands)}."
    return f"Лишнее слово в команде: {error.message.partition('(')[2].rstrip(')')}."


def _moment(text: str) -> date | datetime:
    try:
        return read_moment(text)
    except ValueError:
        refuse([f"--as-of: нужна дата вида 2026-11-30 или время с поясом, а стоит «{text}»."])
