"""Foundations: wiring, and no rule of the domain."""

from wsis.celery import app as celery_app

__all__ = ["celery_app"]
