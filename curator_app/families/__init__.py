"""Families, the people in them, and the dossier."""
