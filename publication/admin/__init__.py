"""Publishing in the workspace, and what readers report of what is published."""

from publication.admin import publications, reports

__all__ = ["publications", "reports"]
