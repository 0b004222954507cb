"""What is stored, one file a concept. The one import path for each model is `from publication.models import …`."""

from publication.models.act import Licence, Publication
from publication.models.figures import PublicArchive, PublicFigures
from publication.models.news import Follower, Mailing, Report
from publication.models.published import PublishedProposal, PublishedText
from publication.models.register import (
    RegisterCheckpoint,
    RegisterEntry,
    RegisterLog,
    RegisterStamp,
    RegisterTile,
)

__all__ = [
    "Follower",
    "Licence",
    "Mailing",
    "PublicArchive",
    "PublicFigures",
    "Publication",
    "PublishedProposal",
    "PublishedText",
    "RegisterCheckpoint",
    "RegisterEntry",
    "RegisterLog",
    "RegisterStamp",
    "RegisterTile",
    "Report",
]
