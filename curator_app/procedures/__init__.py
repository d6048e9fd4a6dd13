"""Pure: regulations, forms and calendars as data."""
