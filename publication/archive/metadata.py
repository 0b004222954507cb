"""What describes the archive: for Frictionless, for CSV on the Web, for catalogues, and for people."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from publication.archive.columns import Column, Table
from publication.models import Licence, Publication
from themes.fields import source_text
from themes.models import Consultation

CSVW_TYPES = {"string": "string", "integer": "integer", "boolean": "boolean"}


def as_json(description: dict[str, Any]) -> bytes:
    return json.dumps(description, ensure_ascii=False, indent=2).encode() + b"\n"


def cite(consultation: Consultation, last: Publication) -> str:
    """How the archive is cited."""
    year = last.published_at.year if last.published_at is not None else ""
    address = settings.PUBLIC_URL + reverse("publication:contributions", args=[consultation.slug])
    return f"{source_text(consultation, 'title')}: published contributions ({year}). {address}"


def licences_of(published: Iterable[Publication]) -> list[Licence]:
    """Each once, the last publication's first; which text is under which stands in a column."""
    return list(dict.fromkeys(Licence(one.licence) for one in reversed(list(published))))


def data_package(
    consultation: Consultation, last: Publication, licences: Sequence[Licence], tables: Sequence[Table]
) -> dict[str, Any]:
    """Frictionless Data Package 1."""
    return {
        "profile": "tabular-data-package",
        "name": f"{consultation.slug}-contributions",
        "title": f"{source_text(consultation, 'title')}: published contributions",
        "homepage": settings.PUBLIC_URL + reverse("publication:contributions", args=[consultation.slug]),
        "version": f"{last.number}",
        "created": _moment(last.published_at),
        "licenses": [{"name": one.value, "path": one.url, "title": str(one.label)} for one in licences],
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    if table.belongs_to is not None:
        header, other, key = table.belongs_to
        schema["foreignKeys"] = [{"fields": header, "reference": {"resource": other, "fields": key}}]
    return {
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.header, "type": column.type, "description": column.meaning}
    if column.type == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    return field | ({"constraints": {"required": True}} if column.is_required else {})


def csvw(consultation: Consultation, licences: Sequence[Licence], tables: Sequence[Table]) -> dict[str, Any]:
    """Metadata of CSV on the Web (W3C)."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": f"{source_text(consultation, 'title')}: published contributions",
        "dc:license": [{"@id": one.url} for one in licences],
        "tables": [
            {
                "url": f"{table.name}.csv",
                "dc:title": table.title,
                "tableSchema": {
                    "columns": [
                        {
                            "name": column.header,
                            "titles": column.header,
                            "dc:description": column.meaning,
                            "datatype": CSVW_TYPES[column.type],
                            "required": column.is_required,
                        }
                        for column in table.columns
                    ],
                    "primaryKey": list(table.key),
                },
            }
            for table in tables
        ],
    }


def catalogue(
    consultation: Consultation, last: Publication, licences: Sequence[Licence], *, sha256: str, size: int
) -> dict[str, Any]:
    """The dataset as catalogues and search engines read it: DCAT and schema.org in one JSON-LD document."""
    page = settings.PUBLIC_URL + reverse("publication:contributions", args=[consultation.slug])
    file = settings.PUBLIC_URL + reverse("publication:archive-file", args=[consultation.slug])
    return {
        "@context": {
            "@vocab": "https://schema.org/",
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "spdx": "http://spdx.org/rdf/terms#",
        },
        "@type": ["Dataset", "dcat:Dataset"],
        "@id": page,
        "name": f"{source_text(consultation, 'title')}: published contributions",
        "dct:title": f"{source_text(consultation, 'title')}: published contributions",
        "description": "What stakeholders wrote to the consultation, as far as they allow it to be published.",
        "url": page,
        "version": str(last.number),
        "datePublished": _moment(last.published_at),
        "dct:issued": _moment(last.published_at),
        "license": [one.url for one in licences],
        "dct:license": [{"@id": one.url} for one in licences],
        "creditText": cite(consultation, last),
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": ["DataDownload", "dcat:Distribution"],
                "contentUrl": file,
                "dcat:downloadURL": {"@id": file},
                "encodingFormat": "application/zip",
                "dcat:mediaType": "application/zip",
                "contentSize": str(size),
                "dcat:byteSize": size,
                "sha256": sha256,
                "spdx:checksum": {"spdx:algorithm": "SHA256", "spdx:checksumValue": sha256},
            }
        ],
    }


def readme(
    consultation: Consultation, published: Sequence[Publication], tables: Sequence[Table], counts: dict[str, int]
) -> Iterator[str]:
    """What the archive is and how it is read. In English, whoever reads it."""
    last = published[-1]
    yield from (f"Published contributions to: {source_text(consultation, 'title')}", "")
    yield from (f"Publication {one.number}: {_moment(one.published_at)}" for one in published)
    yield from ("", "Only what its authors allow to be published stands here, without what the secretariat withholds.")
    yield from ("Everything that was received was read.", "")
    yield from (f"Licence: {one.label}, {one.url}" for one in licences_of(published))
    yield from ("Cite as: " + cite(consultation, last), "")
    for table in tables:
        yield f"{table.name}.csv and {table.name}.jsonl: {table.title}, {counts[table.name]} rows."
        for column in table.columns:
            yield from textwrap.wrap(f"- {column.header}: {column.meaning}", 112, subsequent_indent="  ")
        yield ""
    yield from (
        "CSV: UTF-8, comma, quotes doubled. A text that a spreadsheet would run has one apostrophe in front: take one",
        "leading apostrophe away to have it as it was written. JSON Lines: every text exactly as it was written.",
        "datapackage.json describes the tables for Frictionless, csv-metadata.json for CSV on the Web.",
        "proofs.jsonl shows of texts with a name that these very words stand in the register; register/ holds what it",
        "signed. What this shows, and what it does not: the register's page.",
        "SHA256SUMS: check with `sha256sum --check SHA256SUMS`, with `python3 verify.py --archive .`, or without",
        "Python by opening verify.html in a browser and choosing the zip; neither needs a network.",
        "",
    )


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment is not None else ""
