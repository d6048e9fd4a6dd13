"""The whole product in a real Chromium against a real server."""
