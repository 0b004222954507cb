"""An export holds what its list showed: of submissions, and of contributions."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from lxml import html

from submissions.models import Review, Tag
from submissions.queries.filtered import filtered_contributions, filtered_submissions
from submissions.queries.filters import UnknownFilter
from submissions.review.redaction import decide_publication
from submissions.search.index import index_new
from tests.export_page import ask, rows
from tests.factories import send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SUBMISSIONS, CONTRIBUTIONS = "/admin/submissions/submission/", "/admin/submissions/contribution/"


@pytest.fixture
def many(consultation, admin_user):
    """Some of each kind."""
    sent = [
        send(
            consultation, {1: f"Number {n} on roads.", 2: "Rivers."}, country=country, stakeholder_group=group
        ).submission
        for n, (country, group) in enumerate((("KE", "academia"), ("FR", "civil-society"), ("KE", "government")))
    ]
    review = Review.objects.create(
        consultation=consultation, reference=sent[0].reference, state="reviewed", assignee=admin_user
    )
    review.tags.add(Tag.objects.create(consultation=consultation, name="Access"))
    decide_publication(sent[1], consultation.themes.get(number=1), "withheld", reason="No.", by=admin_user)
    index_new()
    return sent


@pytest.mark.parametrize(
    ("address", "filtered"), [(SUBMISSIONS, filtered_submissions), (CONTRIBUTIONS, filtered_contributions)]
)
def test_every_filter_means_the_same_to_list_and_export(admin_client, many, address, filtered):
    user = get_user_model().objects.get(username="admin")
    page = html.fromstring(admin_client.get(address).content.decode())
    options = [
        f"{select.get('name')}={option.get('value')}"
        for select in page.xpath("//form[@data-filter-bar]//select")
        for option in select.iter("option")
    ]
    differing, sizes = [], set()
    for filters in [*options, "q=roads", "q=number+-2", "country=KE&q=rivers"]:
        if filters.endswith("="):
            continue
        shown = admin_client.get(f"{address}?{filters}").context["cl"].queryset
        in_list = set(shown.values_list("pk", flat=True))
        exported = set(filtered(filters, user=user, at=timezone.now()).values_list("pk", flat=True))
        sizes.add(len(in_list))
        if in_list != exported:
            differing.append((filters, in_list, exported))
    assert differing == []
    assert len(sizes) > 2


@pytest.mark.parametrize("filters", ["theme__id__exact=x", "no_such=1", "email__startswith=a", "q=a%00b"])
def test_what_the_list_refuses_the_export_does(many, admin_user, filters):
    with pytest.raises(UnknownFilter):
        filtered_contributions(filters, user=admin_user, at=timezone.now())


def test_the_list_of_contributions_exports_itself(admin_client, many, consultation):
    theme = consultation.themes.get(number=1)
    page = admin_client.get(
        f"{CONTRIBUTIONS}?theme__id__exact={theme.pk}&submission__stakeholder_group__exact=academia"
    )
    link = re.search(r'href="([^"]+)">\s*Export the 1 contribution', page.content.decode())
    assert link
    url = html.fromstring(f"<a href='{link[1]}'>x</a>").get("href")
    form = html.fromstring(admin_client.get(url).content.decode())
    # The area that the list was filtered by is chosen.
    checked = form.xpath("//input[@name='areas'][@checked]/@value")
    assert checked == [str(theme.pk)]
    assert "area: 1. Theme 1" in form.text_content()
    assert parse_qs(urlsplit(url).query)["of"] == ["contribution"]
    every: list[str] = []
    for areas in (every, checked):
        (row,) = rows(ask(admin_client, url, of="contribution", areas=areas))
        assert (row["reference"], row["text"]) == (many[0].reference, "Number 0 on roads.")
    decided = rows(ask(admin_client, f"{url.partition('?')[0]}?filters=publication%3Dwithheld", of="contribution"))
    assert [(row["reference"], row["theme_number"]) for row in decided] == [(many[1].reference, "1")]
    by_word = ask(
        admin_client,
        f"{url.partition('?')[0]}?filters=q%3Drivers",
        of="contribution",
        layout="contributions",
        format="jsonl",
    )
    assert by_word.count(b'"text":"Rivers."') == 3


def test_a_list_filtered_by_area_leads_to_an_export_of_it(admin_client, many, consultation):
    theme = consultation.themes.get(number=2)
    page = admin_client.get(f"{SUBMISSIONS}?theme={theme.pk}").content.decode()
    link = re.search(r'href="([^"]+)">\s*Export all 3 submissions', page)
    assert link
    form = html.fromstring(admin_client.get(link[1].replace("&amp;", "&")).content.decode())
    assert form.xpath("//input[@name='areas'][@checked]/@value") == [str(theme.pk)]
