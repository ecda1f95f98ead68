"""Refuses posts that come from anywhere but our own pages."""

from flask_wtf import CSRFProtect

forgery = CSRFProtect()  # type: ignore[no-untyped-call]  # flask_wtf has no annotations
"""Checked by the guard of each page group, so that webhooks, which are signed, stay out of it."""
