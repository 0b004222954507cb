"""Coding a sample twice: what is drawn, that the second coder sees nothing of the first, and how far they agree."""

import lxml.html
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from submissions.admin.double_coding import kappa_in_words, share_in_words
from submissions.models import CodingDecision, CodingSample, Review, SampledSubmission, Submission, Tag
from submissions.review import double_coding
from submissions.review.double_coding import Agreement, agreement_by_tag, candidates, next_to_code
from submissions.review.refusals import MissingInput
from submissions.review.reviewing import Decision, merge_tags, save_review
from submissions.sending.withdraw import withdraw
from tests.factories import send
from tests.pages import squeezed

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = "/admin/submissions/codingsample/"


@pytest.fixture
def tags(consultation) -> list[Tag]:
    return [Tag.objects.create(consultation=consultation, name=name) for name in ("Access", "Gender", "Rights")]


@pytest.fixture
def coder(django_user_model):
    return django_user_model.objects.create_superuser("bayo", password=None)


@pytest.fixture
def coder_client(coder):
    client = Client()
    client.force_login(coder)
    return client


def review(submission: Submission, by: object, *tags: Tag, state: str = Review.State.REVIEWED) -> None:
    save_review(submission, Decision(Review.State(state), None, tags=tags), by=by, version=0)


@pytest.fixture
def reviewed(consultation, tags, admin_user) -> list[Submission]:
    """Four: of Access and Gender, of Access, of Gender, and of nothing."""
    access, gender, _rights = tags
    sent = [send(consultation, {1: f"Text {n}.", 2: "More."}).submission for n in range(4)]
    for submission, given_ in zip(sent, ([access, gender], [access], [gender], []), strict=True):
        review(submission, admin_user, *given_)
    return sent


def draw(client, consultation, coder, size: int = 30):
    data = {"consultation": consultation.pk, "coder": coder.pk if coder else "", "size": size}
    return client.post(f"{SAMPLES}add/", data)


def code(client, sample: CodingSample, reference: str, *tags: Tag):
    place = SampledSubmission.objects.get(sample=sample, reference=reference).place
    return client.post(f"{SAMPLES}{sample.pk}/code/{place}/", {"tags": [tag.pk for tag in tags]})


def test_only_what_somebody_else_reviewed_as_it_stands_is_drawn(consultation, reviewed, tags, coder, admin_user):
    review(send(consultation, {1: "By the coder."}).submission, coder, tags[0])
    # Somebody else touched it since: it is the coder's all the same, and the others' are not.
    spare = Tag.objects.create(consultation=consultation, name="Spare")
    review(send(consultation, {1: "By the coder, merged."}).submission, coder, spare)
    merge_tags(spare, tags[1], by=admin_user)
    review(send(consultation, {1: "In review."}).submission, admin_user, state="in-review")
    send(consultation, {1: "New."})
    gone, again = (send(consultation, {1: text}).submission for text in ("Gone.", "Again."))
    for one in (gone, again):
        review(one, admin_user)
    withdraw(gone)
    send(consultation, {1: "Again, longer."}, amends=again.reference)
    assert set(candidates(consultation, coder)) == set(reviewed)


def test_a_sample_is_drawn_coded_unseen_and_compared(
    admin_client, coder_client, consultation, reviewed, tags, coder, admin_user
):
    access, gender, rights = tags
    answer = draw(admin_client, consultation, coder)
    sample = CodingSample.objects.get()
    assert (answer["Location"], sample.size, sample.drawn_by) == (f"{SAMPLES}{sample.pk}/change/", 4, admin_user)
    assert sorted(sample.submissions.values_list("reference", flat=True)) == sorted(one.reference for one in reviewed)
    assert "Nothing is coded a second time yet." in squeezed(admin_client.get(answer["Location"]))
    front = squeezed(coder_client.get("/admin/"))
    assert f'<a href="{SAMPLES}{sample.pk}/change/"> Code a sample for the second time: 4 left</a>' in front
    # Nobody but the coder codes it.
    first = next_to_code(sample)
    assert first is not None
    assert admin_client.get(f"{SAMPLES}{sample.pk}/code/{first.place}/").status_code == 403
    # The page says nothing of the first coding: no box is ticked, no tag is named twice.
    page = coder_client.get(f"{SAMPLES}{sample.pk}/code/{first.place}/").content.decode()
    assert lxml.html.fromstring(page).xpath("//input[@name='tags'][@checked]") == []
    assert [page.count(name) for name in ("Access", "Gender", "Rights")] == [1, 1, 1]

    # What becomes of the first coding later changes nothing of what is compared.
    save_review(reviewed[3], Decision(Review.State.REVIEWED, None, tags=tags), by=admin_user, version=1)
    second = {reviewed[0]: [access], reviewed[1]: [access], reviewed[2]: [], reviewed[3]: []}
    # Whoever is not through sees nothing of the first, and may put something else in the place of what they said.
    code(coder_client, sample, reviewed[0].reference, rights)
    assert "Agreement" in squeezed(admin_client.get(f"{SAMPLES}{sample.pk}/change/"))
    halfway = squeezed(coder_client.get(f"{SAMPLES}{sample.pk}/change/"))
    assert ("1 of 4 coded" in halfway, "Agreement" in halfway, "Where they differ" in halfway) == (True, False, False)
    for number, (submission, chosen) in enumerate(second.items(), start=1):
        answer = code(coder_client, sample, submission.reference, *chosen)
        is_last = number == len(second)
        assert ("/code/" not in answer["Location"]) is is_last
    assert "Code a sample" not in squeezed(coder_client.get("/admin/"))
    found = {tag.name: agreement for tag, agreement in agreement_by_tag(sample)}
    assert found == {
        "Access": Agreement(both=2, neither=2),
        "Gender": Agreement(only_first=2, neither=2),
        "Rights": Agreement(neither=4),
    }
    assert [found[name].kappa for name in ("Access", "Gender", "Rights")] == [1, 0, None]

    tree = lxml.html.fromstring(admin_client.get(f"{SAMPLES}{sample.pk}/change/").content.decode())
    tables = [
        [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in table.xpath(".//tbody/tr")]
        for table in tree.xpath("//section[@class='side-by-side']//table")
    ]
    assert tables[0] == [
        ["Access", "2", "0", "0", "2", "100 %", "1.00"],
        ["Gender", "0", "2", "0", "2", "50 %", "0.00"],
        ["Rights", "0", "0", "0", "4", "100 %", "–"],
        ["All tags together", "2", "2", "0", "8", "83 %", "0.57"],
    ]
    assert sorted(tables[1]) == sorted([one.reference, "Gender", "–"] for one in (reviewed[0], reviewed[2]))
    listed = lxml.html.fromstring(admin_client.get(SAMPLES).content.decode())
    (row,) = listed.xpath("//table[@id='result_list']/tbody/tr")
    assert [cell.text_content() for cell in row.xpath("td")][-2:] == ["4 of 4", "0.57"]

    # Once the agreement was shown, nothing is coded again.
    assert code(coder_client, sample, reviewed[2].reference, rights).status_code == 404
    # The tags merged: of each submission one decision stays, and it is given where either was.
    double_coding.save_coding(SampledSubmission.objects.get(reference=reviewed[2].reference), [rights])
    merge_tags(rights, gender, by=admin_user)
    merge_tags(Tag.objects.create(consultation=consultation, name="Later"), gender, by=admin_user)
    found = {tag.name: agreement for tag, agreement in agreement_by_tag(sample)}
    assert found == {
        "Access": Agreement(both=2, neither=2),
        "Gender": Agreement(both=1, only_first=1, neither=2),
    }
    assert CodingDecision.objects.count() == 8
    # Of a page that was opened before that, the tag is gone, and nothing is taken for "no".
    with pytest.raises(MissingInput, match="merged or removed meanwhile"):
        double_coding.save_coding(SampledSubmission.objects.get(reference=reviewed[0].reference), [rights])


def test_what_is_withdrawn_meanwhile_is_passed_over(admin_client, coder_client, consultation, reviewed, coder):
    draw(admin_client, consultation, coder)
    sample = CodingSample.objects.get()
    gone = Submission.objects.get(reference=sample.submissions.get(place=1).reference)
    withdraw(gone)
    assert next_to_code(sample) == sample.submissions.get(place=2)
    assert coder_client.get(f"{SAMPLES}{sample.pk}/code/1/").status_code == 404
    assert "1 of them was withdrawn" in squeezed(coder_client.get(f"{SAMPLES}{sample.pk}/change/"))


def test_what_cannot_be_drawn_is_said_beside_its_field(
    admin_client, consultation, coder, admin_user, django_user_model
):
    def errors(**data) -> dict[str, list[str]]:
        form = draw(admin_client, consultation, **data).context["adminform"].form
        return {name: list(found) for name, found in form.errors.items()}

    assert errors(coder=coder) == {"consultation": ["This consultation has no tags yet."]}
    tag = Tag.objects.create(consultation=consultation, name="Access")
    assert errors(coder=coder) == {"coder": ["Nothing that somebody else reviewed can be drawn yet."]}
    review(send(consultation, {1: "a"}).submission, admin_user, tag)
    assert set(errors(coder=None)) == {"coder"}
    outsider = django_user_model.objects.create_user("outsider", is_staff=True)
    assert errors(coder=outsider) == {"coder": ["This colleague may not read what was sent."]}
    assert set(errors(coder=coder, size=0)) == set(errors(coder=coder, size=501)) == {"size"}
    assert CodingSample.objects.count() == 0


def test_a_sample_goes_only_as_long_as_nothing_of_it_is_coded(
    admin_client, coder_client, consultation, reviewed, coder, tags
):
    draw(admin_client, consultation, coder, size=1)
    draw(admin_client, consultation, coder, size=2)
    two, one = CodingSample.objects.order_by("-pk")
    code(coder_client, one, one.submissions.get().reference, tags[0])
    answers = [admin_client.post(f"{SAMPLES}{sample.pk}/delete/", {"post": "yes"}) for sample in (one, two)]
    assert [answer.status_code for answer in answers] == [403, 302]
    assert list(CodingSample.objects.all()) == [one]


@pytest.mark.parametrize(
    ("agreement", "words", "share"),
    [
        (Agreement(13, 3, 3, 32), "0.73", "88 %"),
        (Agreement(4, 1, 2, 2), "0.31", "67 %"),
        (Agreement(10, 10, 10, 10), "0.00", "50 %"),
        (Agreement(1000, 1005, 1000, 1000), "0.00", "50 %"),
        (Agreement(1000, 1000, 1000, 999), "0.00", "50 %"),
        (Agreement(neither=3), "–", "100 %"),
    ],
)
def test_numbers_are_rounded_and_no_zero_has_a_minus(agreement, words, share):
    assert (kappa_in_words(agreement), share_in_words(agreement)) == (words, share)


@pytest.mark.parametrize(
    ("agreement", "kappa"),
    [
        (Agreement(20, 5, 10, 15), 0.4),  # the example of most textbooks
        (Agreement(45, 15, 25, 15), 0.1304),
        (Agreement(25, 35, 5, 35), 0.2593),
        (Agreement(0, 1, 1, 0), -1),
        (Agreement(), None),
        (Agreement(both=9), None),
        (Agreement(neither=9), None),
    ],
)
def test_kappa_as_it_is_published(agreement, kappa):
    assert agreement.kappa == (None if kappa is None else pytest.approx(kappa, abs=5e-5))


@given(st.tuples(*[st.integers(0, 500)] * 4))
def test_kappa_whichever_comes_first(counts):
    one, other = Agreement(*counts), Agreement(counts[0], counts[2], counts[1], counts[3])
    assert one.kappa == other.kappa
    assert one.kappa is None or -1 <= one.kappa <= 1
