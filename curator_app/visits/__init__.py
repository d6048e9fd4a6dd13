"""Home visits: the form, the record, the photos."""
