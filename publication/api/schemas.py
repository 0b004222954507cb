"""What the interface gives out. These types are its OpenAPI description: a field's words are read by strangers."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

Texts = dict[str, str]


class Round(Schema):
    """A consultation on one document."""

    slug: str = Field(description="Its name in addresses.")
    title: Texts = Field(description="By language, as ISO 639 codes; English is always there.")
    url: str = Field(description="Its page.")
    opens_at: datetime
    closes_at: datetime = Field(description="The deadline: this instant itself is closed.")
    is_published: bool = Field(description="Whether contributions of it are public.")
    licence: str | None = Field(description="SPDX identifier of the licence of the last publication.")
    respond_by: date | None = Field(description="The day by which a response is promised.")


class Area(Schema):
    """What was asked: an area of the document, or a general question beside the areas."""

    number: int = Field(description="General questions are numbered from 101 on.")
    sign: str = Field(description="As people call it: 7, or Q1.")
    title: Texts
    prompt: Texts
    contributions: int = Field(description="How many published texts there are, those that say the same once.")


class Document(Schema):
    """What the round is on."""

    title: Texts
    url: Texts
    published_at: datetime


class Proposal(Schema):
    """Wording proposed for a paragraph."""

    paragraph: str = Field(description="As its author named it.")
    number: int | None = Field(description="The first number in that.")
    wording: str
    reason: str


class Contribution(Schema):
    """One published text. A black bar (█████) stands where the secretariat holds words back."""

    id: str
    url: str
    area: int
    is_named: bool
    sender: str | None = Field(description="Of texts with a name: an id that all texts of one sender share.")
    name: str | None
    stakeholder_group: str | None
    country: str | None = Field(description="ISO 3166, or 001 for global and regional ones.")
    language: str = Field(description="ISO 639; mul for several, und for one that is not said.")
    is_late: bool = Field(description="Whether it came after the deadline. Of texts without a name not said.")
    text: str
    words: int | None
    senders: int = Field(description="How many sent these very words.")
    campaign_senders: int = Field(description="How many sent these words or nearly the same.")
    publication: int = Field(description="The number of the publication that it is from.")
    licence: str = Field(description="That one's licence, by SPDX.")
    proposals: list[Proposal]


class Contributions(Schema):
    """A page of texts, in an order that says nothing."""

    total: int = Field(description="How many the filters find.")
    items: list[Contribution]
    next: str | None = Field(description="The address of the next page; null on the last.")


class ProposalOf(Proposal):
    contribution: str = Field(description="The id of the text that it belongs to.")
    name: str | None
    language: str


class Proposals(Schema):
    """A page of proposed wording."""

    items: list[ProposalOf]
    next: str | None


class NotFound(Schema):
    """Why nothing was found."""

    detail: str


class Invalid(Schema):
    """What in the address cannot be read, each with where it stands."""

    detail: list[dict[str, Any]]
