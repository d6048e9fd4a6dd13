"""The WSGI application: what gunicorn and `flask` load."""

from curator_app import create_app

app = create_app()
