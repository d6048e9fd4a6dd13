"""The shell, the service worker and the web app manifest: public, the same for everybody."""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, jsonify, request, send_from_directory
from flask_login import current_user

from curator_app import htmx
from curator_app.assets import DIST, asset
from curator_app.config import Config

blueprint = Blueprint("pwa", __name__)

# Pages a phone opens from its own shell. service_worker/rules.js has the same table; a test compares them.
SHELL_PATHS = re.compile(
    r"^/(today|families|plan|outbox|more|check-in|signal)?$|^/duty(/check-ins|/alarms(/[0-9a-f-]{36})?)?$|^/families/[0-9a-f-]{36}(/(visit|door|plan|contact|urgent|acquaintance|acknowledgement|measure|card))?$"
)


@blueprint.before_app_request
def give_phones_the_shell() -> Response | None:
    """Answer a phone's whole-page load with the locked shell, before anything personal is read.

    A page that came with the session but without the finger would show a family to whoever holds the phone.
    """
    if request.method != "GET" or htmx.wants_fragment() or not SHELL_PATHS.match(request.path):
        return None
    if current_user.is_authenticated and not current_user.enrolment.is_field:
        return None
    return Response(htmx.shell(), status=200 if current_user.is_authenticated else 401, mimetype="text/html")


@blueprint.get("/shell")
def shell() -> Response:
    """Give the locked shell that the service worker keeps; it holds no personal data."""
    response = Response(htmx.shell(), mimetype="text/html")
    response.cache_control.public = True
    response.cache_control.no_cache = True
    return response


@blueprint.get("/rescue")
def rescue() -> Response:
    """Give the page that sends and saves a queue without the app's bundle; it holds no personal data."""
    response = Response(htmx.rescue(), mimetype="text/html")
    response.cache_control.public = True
    response.cache_control.no_cache = True
    return response


@blueprint.get("/sw.js")
def service_worker() -> Response:
    """Give the service worker from the root, so that its scope is the whole site; or the one that ends it."""
    config: Config = current_app.config["CURATOR"]
    name = "sw.js" if config.service_worker else "sw_off.js"
    response = send_from_directory(DIST, name, mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/"
    response.cache_control.public = True
    response.cache_control.no_cache = True
    return response


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """Describe the installed app (W3C Web Application Manifest)."""
    response = jsonify(
        {
            "id": "/",
            "name": "Куратор",
            "short_name": "Куратор",
            "description": "Рабочие заметки",
            "lang": "ru",
            "start_url": "/today",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f2f5f4",
            "theme_color": "#f2f5f4",
            "icons": [
                {"src": asset("icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
                {"src": asset("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
                {"src": asset("icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
            ],
        }
    )
    response.mimetype = "application/manifest+json"
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    return response
