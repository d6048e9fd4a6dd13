"""Reminders: what is said to whom, when, and how it reaches them."""
