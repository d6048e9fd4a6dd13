"""How things are said in Russian on a page: dates, ages, numbers with their words, labels of codes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from curator_app import texts
from curator_app.families.models import FamilyMember
from curator_app.procedures.contact_form import load_contact_form
from curator_app.procedures.form_definition import FormDefinition
from curator_app.procedures.forms_loader import load_form
from curator_app.procedures.vocabulary import vocabulary

WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
LONG_WEEKDAYS = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье")
MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
MONTH_NAMES = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
SHORT_MONTHS = ("янв.", "фев.", "мар.", "апр.", "мая", "июня", "июля", "авг.", "сен.", "окт.", "ноя.", "дек.")
LEVELS = {
    "low": "Низкий уровень риска",
    "medium": "Средний уровень риска",
    "high": "Высокий уровень риска",
    "life_threat": "Угроза жизни",
    "sop": "Социально опасное положение",
    "tzhs": "Трудная жизненная ситуация",
    "early_distress": "Раннее неблагополучие",
    "need_recognised": "Признаны нуждающимися",
    "closed": "Завершено",
}
EVENTS = {
    "signal_known": "Стало известно",
    "signal_sent": "Извещение передано",
    "primary_diagnosis_done": "Первичная диагностика",
    "risk_decided": "Решение об уровне",
    "curator_assigned": "Назначен куратор",
    "support_card_filled": "Заполнена ККСС",
    "consilium_held": "Консилиум",
    "plan_approved": "План утверждён",
    "plan_changed": "План изменён",
    "monitoring_done": "Мониторинг",
    "safety_plan_set": "План безопасности",
    "child_placed": "Ребёнок устроен на время",
    "child_returned": "Ребёнок вернулся домой",
    "survey_done": "Первичное обследование",
    "resolution_adopted": "Постановление",
    "resolution_received": "Постановление получено",
    "registered": "Постановка на учёт",
    "signal_registered": "Запись в журнале",
    "signal_joined": "Новый сигнал о семье",
    "signal_checked": "Сигнал проверен",
    "survey_ordered": "Поручено обследование",
    "consent_given": "Согласие семьи",
    "early_help_opened": "Началась ранняя помощь",
    "investigation_concluded": "Заключение группы",
    "need_recognised": "Признаны нуждающимися в помощи",
    "services_programme_made": "Составлена программа услуг",
    "case_opened": "Открыт случай",
    "curator_replaced": "Сменился куратор",
    "family_acquainted": "Семья ознакомлена",
    "action_reported": "Сообщено о сделанном",
    "group_report_sent": "Отчёт группы",
    "effectiveness_assessed": "Оценка результатов",
    "expert_opinion_given": "Заключение эксперта",
    "final_report_given": "Итоги представлены",
    "closing_decided": "Решено завершить",
    "deregistered": "Сопровождение завершено",
    "aftercare_started": "Началось сопровождение после случая",
    "paused": "Встречи приостановлены",
    "procedure_changed": "Семья перешла на другой порядок",
    "proposals_given": "Предложения группы",
    "curator_report_sent": "Отчёт куратора",
    "visit_made": "Посещение",
    "visit_attempted": "Попытка посещения",
    "contact_made": "Другой контакт",
    "substitute_named": "Временная замена куратора",
    "substitute_ended": "Замена закончена",
    "alarm_raised": "Срочно: позвали на помощь",
    "alarm_confirmed": "Срочно: человек подтвердил",
    "alarm_cancelled": "Срочно: отбой",
    "record_set_aside": "Запись не внесена, есть заметка",
    "photo_withdrawn": "Снимок убран по просьбе семьи",
}
RESCUE_REFUSALS = (
    *("offline", "server_unreachable", "captive_portal", "wrong_host", "slow_link", "upload_broke", "server_busy"),
    *("queue_stuck", "server_waits_update", "signin_needed", "phone_revoked"),
)
"""What may keep a whole queue back: static/js/outbox/answers.js."""


def day(value: date) -> str:
    """«вт 24 ноября»."""
    return f"{WEEKDAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]}"


def day_week(value: date) -> str:
    """«вт 24»."""
    return f"{WEEKDAYS[value.weekday()]} {value.day}"


def day_long(value: date) -> str:
    """«Вторник, 24 ноября»."""
    return f"{LONG_WEEKDAYS[value.weekday()]}, {value.day} {MONTHS[value.month - 1]}"


def day_short(value: date) -> str:
    """«27 окт.»."""
    return f"{value.day} {SHORT_MONTHS[value.month - 1]}"


def day_year(value: date) -> str:
    """«27 октября 2026»."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month_year(value: date) -> str:
    """«ноябрь 2026»."""
    return f"{MONTH_NAMES[value.month - 1]} {value.year}"


def clock(value: datetime | None, zone: str) -> str:
    """«14:05» in the zone, or nothing for no instant."""
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M") if value else ""


def moment(value: datetime, zone: str) -> str:
    """«вт 24 ноября в 14:05» in the zone."""
    return f"{day(value.astimezone(ZoneInfo(zone)).date())} в {clock(value, zone)}"


def on_day(value: datetime, zone: str) -> str:
    """«24 ноября 2026» of an instant in the zone."""
    return day_year(value.astimezone(ZoneInfo(zone)).date())


def repair_words(reason: dict[str, str]) -> str:
    """Say why a record could not be applied."""
    words = texts.tables()["repairs"]
    name = reason.get("field", "")
    # «measures-0-who» is a part of what is called «measures».
    head, _, part = name.partition("-")
    field = words["fields"].get(name) or words["fields"].get(head) or words["fields"]["other"]
    if part and (of := words["parts"].get(part.rpartition("-")[2])):
        field = f"{field}: {of}"
    return texts.filled(
        words["reasons"].get(reason["code"], words["reasons"]["other"]), name=field, why=reason.get("why", "")
    )


def days_ago(days: int | None) -> str:
    """«сегодня», «вчера», «12 дней назад», «ещё не были»."""
    if days is None:
        return "ещё не были"
    if days <= 1:
        return "вчера" if days == 1 else "сегодня"
    return f"{days} {texts.plural(days, 'день', 'дня', 'дней')} назад"


def day_brief(value: date) -> str:
    """«24 нояб.» without room: «24.11»."""
    return f"{value.day}.{value.month:02d}"


def lower_first(value: str) -> str:
    """Begin a sentence in the middle of another."""
    return value[:1].lower() + value[1:]


def sentence_case(value: str) -> str:
    """Begin a sentence, leaving the rest as it was written."""
    return value[:1].upper() + value[1:]


def age_short(member: FamilyMember, on: date) -> str:
    """«12», or «3 месяца» for somebody who has no full year yet."""
    years = member.age(on)
    return str(years) if years else age_words(member, on)


def age_words(member: FamilyMember, on: date) -> str:
    """«12 лет», «1 год», «3 месяца», «меньше месяца», or nothing when the birthday is unknown."""
    years = member.age(on)
    if years is None or member.born_on is None:
        return ""
    if years > 0:
        return f"{years} {texts.plural(years, 'год', 'года', 'лет')}"
    months = (on.year - member.born_on.year) * 12 + on.month - member.born_on.month - (on.day < member.born_on.day)
    return f"{months} {texts.plural(months, 'месяц', 'месяца', 'месяцев')}" if months else "меньше месяца"


def level_words(level: str) -> str:
    """Name a level in words; it was set by a person or a group, the app only shows it."""
    return LEVELS.get(level, "")


def event_words(event_type: str) -> str:
    """Name an event: by the words chosen for a page, else by the vocabulary's."""
    known = vocabulary().get(event_type)
    return EVENTS.get(event_type) or (sentence_case(known.title) if known else "Событие")


def chip_label(item: str, form_version: str) -> str:
    """Return the chip's own words in the form it was tapped in."""
    return load_form(form_version).label(item)


def form_of(form_version: str) -> FormDefinition:
    """Return the form that a record was written on."""
    return load_form(form_version)


def member_name(member: str, names: dict[uuid.UUID, str]) -> str:
    """Return the name of a person that a record names by id, or nothing when the person is no longer there."""
    try:
        return names.get(uuid.UUID(member), "")
    except ValueError:
        return ""


def zipped(first: Iterable[Any], second: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Pair two sequences of the same length."""
    return zip(first, second, strict=True)


def contact_words(kind: str, form_version: str) -> str:
    """Name a kind of contact in the words of the form it was written in."""
    return load_contact_form(form_version).kind(kind).label


def dialled(number: str) -> str:
    """Return a number as `tel:` wants it."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def rescue_words() -> dict[str, Any]:
    """Return the few words that «Спасти записи» says by itself: it comes without the app's file of texts."""
    words = texts.tables()
    refusals = {name: words["refusals"][name] for name in RESCUE_REFUSALS}
    return {"queue": words["queue"], "rescue_page": words["rescue_page"], "refusals": refusals}


def register(app: Flask) -> None:
    """Give Jinja these filters and the texts."""
    days = (
        day,
        day_week,
        day_long,
        day_short,
        day_brief,
        day_year,
        month_year,
        clock,
        moment,
        on_day,
        days_ago,
        age_short,
        age_words,
    )
    app.jinja_env.filters.update(lower_first=lower_first, sentence_case=sentence_case)
    codes = (level_words, event_words, chip_label, repair_words, contact_words, dialled)
    for function in (*days, *codes, form_of, member_name):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["zip"] = zipped
    app.jinja_env.globals["texts"] = texts.tables()
    app.jinja_env.globals["text"] = texts.text
    app.jinja_env.globals["rescue_words"] = rescue_words
    app.jinja_env.globals["plural"] = texts.plural
    app.jinja_env.globals["text_filled"] = texts.filled
