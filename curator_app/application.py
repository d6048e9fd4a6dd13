"""Put the application together: settings, extensions, handlers, routes."""

from __future__ import annotations

from flask import Flask, request
from whitenoise import WhiteNoise

from curator_app import backup, error_pages, presentation, security
from curator_app.assets import DIST, asset
from curator_app.auth import routes as auth_routes
from curator_app.auth.models import SignIn
from curator_app.auth.service import load_sign_in
from curator_app.cases import channel_routes, request_routes
from curator_app.cli import register_commands
from curator_app.config import Config, ConfigError
from curator_app.database import dumps, set_up_sqlite
from curator_app.desk import (
    assessment_routes,
    body_routes,
    case_list_routes,
    case_routes,
    check_routes,
    correction_routes,
    curator_routes,
    day_routes,
    decision_routes,
    frequency_routes,
    group_routes,
    measure_pages,
    new_case_routes,
    opening_routes,
    paper_routes,
    reassign_routes,
    safety_routes,
    schedule_routes,
    signal_routes,
    stage_routes,
    step_routes,
)
from curator_app.desk import ending_routes as course_endings
from curator_app.desk import office as desk_office
from curator_app.desk import placement_routes as course_placement
from curator_app.desk import retention_routes as course_retention
from curator_app.desk import routes as desk_routes
from curator_app.desk import telling as desk_telling
from curator_app.desk import transfer_routes as course_transfers
from curator_app.extensions import bind_queue, compress, csrf, db, login_manager, migrate
from curator_app.intake import answer_routes, notice_routes, public_routes
from curator_app.intake import phone_pages as signal_pages
from curator_app.intake import routes as signals_routes
from curator_app.intake.instruments import instruments
from curator_app.intake.survey import survey_form
from curator_app.people import body_routes as seat_routes
from curator_app.people import office_routes as organisations_routes
from curator_app.people import people_routes, territory_routes
from curator_app.people import routes as phones_routes
from curator_app.procedures.profiles_loader import serve_region
from curator_app.procedures.toml_files import FileError
from curator_app.pwa import routes as pwa_routes
from curator_app.reminders import delay_routes, push_routes
from curator_app.reminders import routes as reminder_routes
from curator_app.reminders import settings_routes as reminder_settings
from curator_app.subjects import duty_routes
from curator_app.sync import repair_contact as sync_repair_contact
from curator_app.sync import repair_form as sync_repair_form
from curator_app.sync import repair_measure as sync_repair_measure
from curator_app.sync import repair_signal as sync_repair_signal
from curator_app.sync import repair_step as sync_repair_step
from curator_app.sync import repairs as sync_repairs
from curator_app.sync import rescue as sync_rescue
from curator_app.sync import routes as sync_routes
from curator_app.sync.keys import KeyRing
from curator_app.turns import TurnTakingConnection
from curator_app.urgent import episode_routes
from curator_app.urgent import routes as urgent_routes
from curator_app.visits import acquaint_routes, planning_routes
from curator_app.visits import contact_routes as contacts_routes
from curator_app.visits import record_routes as records_routes
from curator_app.visits import routes as visits_routes
from curator_app.visits.posting import SCANS_BYTES
from curator_app.workdays import routes as calendar_routes

PAGES = (desk_routes, desk_office, desk_telling, visits_routes, records_routes, contacts_routes, urgent_routes)
DAYS = (day_routes, planning_routes, schedule_routes)
PHONE = (acquaint_routes, signal_pages, measure_pages)
CASES = (case_routes, step_routes, correction_routes, frequency_routes, channel_routes, request_routes)
CASE_LISTS = (case_list_routes, body_routes, stage_routes)
CASE_PEOPLE = (curator_routes, group_routes, opening_routes, new_case_routes, paper_routes, reassign_routes)
COURSE = (course_placement, course_endings, course_transfers, course_retention)
SIGNALS = (signals_routes, signal_routes, notice_routes, public_routes)
CHECK = (check_routes, assessment_routes, decision_routes, answer_routes)
SAFETY = (safety_routes, episode_routes)
REMINDERS = (reminder_routes, push_routes, delay_routes, reminder_settings)
PEOPLE = (people_routes, organisations_routes, territory_routes, seat_routes, phones_routes)
SYNC = (
    sync_routes,
    sync_repairs,
    sync_repair_form,
    sync_repair_contact,
    sync_repair_step,
    sync_repair_measure,
    sync_repair_signal,
    sync_rescue,
)
BLUEPRINTS = (
    auth_routes,
    *PAGES,
    *DAYS,
    *PHONE,
    *CASES,
    *CASE_LISTS,
    *CASE_PEOPLE,
    *CHECK,
    *COURSE,
    *SAFETY,
    *SIGNALS,
    duty_routes,
    *REMINDERS,
    *PEOPLE,
    calendar_routes,
    *SYNC,
    pwa_routes,
)
MAX_FORM_BYTES = 5 * 1024 * 1024


def create_app(config: Config | None = None) -> Flask:
    """Make the application from `config` (the environment's when none is given)."""
    config = config or Config.from_environ()
    app = Flask("curator_app", template_folder="../templates", static_folder=None)
    configure(app, config)
    serve_procedures(config)
    bind_extensions(app, config)
    security.register(app)
    error_pages.register(app)
    presentation.register(app)
    register_commands(app)
    backup.register(app)
    reminder_routes.register(app)
    app.jinja_env.globals["asset"] = asset
    for routes in BLUEPRINTS:
        app.register_blueprint(routes.blueprint)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(DIST), prefix="static/dist/", immutable_file_test=lambda _path, _url: True
    )
    return app


def configure(app: Flask, config: Config) -> None:
    """Translate our settings into those of Flask and its extensions."""
    engine: dict[str, object] = {"json_serializer": dumps}
    if config.database_url.startswith("sqlite:"):
        import pysqlite3.dbapi2  # noqa: PLC0415 - the system's SQLite has a WAL bug that 3.53 has not

        engine["module"] = pysqlite3.dbapi2
        engine["connect_args"] = {"check_same_thread": False, "factory": TurnTakingConnection}
        engine["pool_size"] = 20
        engine["max_overflow"] = 60
    else:
        # A receipt promises that the record outlives a power cut, whatever the cluster's default is.
        engine["connect_args"] = {"options": "-c synchronous_commit=on"}
        engine["pool_pre_ping"] = True
        engine["pool_size"] = 10
        engine["max_overflow"] = 20
    app.config.update(
        CURATOR=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine,
        SESSION_COOKIE_NAME="__Host-s",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        # The token is bound to the session; an hour's limit would break a long form.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]


def serve_procedures(config: Config) -> None:
    """Read the region's own procedures; raise ConfigError for a folder in which one is broken."""
    try:
        serve_region(config.profiles_folder)
        # A region's own instruments and form of an act lie there too: a broken one is said now, not in a family's hour.
        instruments()
        survey_form()
    except FileError as error:
        message = f"CURATOR_PROFILES: {error}"
        raise ConfigError(message) from error


def let_scans_in() -> None:
    """Let the one form that brings scans of paper be larger than a form of text."""
    if request.endpoint == "visits.create" and request.mimetype == "multipart/form-data":
        request.max_content_length = SCANS_BYTES + MAX_FORM_BYTES


def bind_extensions(app: Flask, config: Config) -> None:
    """Bind database, migrations, CSRF, login, compression and queue."""
    db.init_app(app)
    migrate.init_app(app, db, directory="migrations", render_as_batch=True)
    # Before the token is looked for: that reads the form.
    app.before_request(let_scans_in)
    app.before_request(sync_rescue.let_file_in)
    csrf.init_app(app)
    compress.init_app(app)
    login_manager.init_app(app)
    bind_queue(app, config.redis_url)
    app.extensions["sync_key"] = lambda: KeyRing(config.keys_folder).current().as_json()
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            set_up_sqlite(db.engine)

    @login_manager.user_loader
    def load(key: str) -> SignIn | None:
        return load_sign_in(db.session(), key)
