"""Headers on every answer, and the refusal of requests that other sites make on a visitor's behalf."""

from __future__ import annotations

from flask import Flask, Response, request

from curator_app.errors import NotAllowed

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "curator",
}
CSP = "; ".join(f"{directive} {value}" for directive, value in POLICY.items())
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # How a phone tells our page from a captive portal's before it replaces a copy of its own.
    "Curator-Page": "1",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), usb=(), payment=(), browsing-topics=()",
}


def register(app: Flask) -> None:
    """Guard every request and dress every response of the application."""

    @app.before_request
    def refuse_other_sites() -> None:
        # Fetch Metadata (W3C): a second line behind the CSRF token, and the first one for JSON.
        site = request.headers.get("Sec-Fetch-Site", "none")
        if request.method not in {"GET", "HEAD", "OPTIONS"} and site not in {"same-origin", "none"}:
            raise NotAllowed

    @app.after_request
    def dress(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        # Whatever is not explicitly public may hold a family: it must not reach the browser's disk.
        if not response.cache_control.public:
            response.headers["Cache-Control"] = "no-store"
        return response
