"""Several who read at once: to each another one, and who else has this one open."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from submissions.models import Presence, Review, Submission
from submissions.review import presence, reviewing
from submissions.review.queue import left_for_each, take_next
from submissions.review.reviewing import Decision
from tests.factories import send

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/submissions/submission/"


@pytest.fixture
def six(consultation) -> list[Submission]:
    return [send(consultation, {1: f"Text {n}."}, organisation=f"Body {n}").submission for n in range(6)]


@pytest.fixture
def amina(django_user_model):
    return django_user_model.objects.create_superuser("amina", password=None)


def test_the_oldest_that_is_nobodys(admin_client, admin_user, amina, consultation, six):
    reviewing.save_review(six[0], Decision(Review.State.REVIEWED, None, "", [], ""), by=amina, version=0)
    reviewing.save_review(six[1], Decision(Review.State.NEW, amina, "", [], ""), by=amina, version=0)
    answer = admin_client.post(f"{LIST}take/", {"consultation": consultation.pk})
    assert answer["Location"] == f"{LIST}{six[2].pk}/change/"
    review = Review.objects.get(reference=six[2].reference)
    assert (review.assignee, review.state, review.version, review.changed_by) == (admin_user, "new", 1, admin_user)
    # The page's form is of this version: saving it is no conflict.
    page = admin_client.get(answer["Location"]).content.decode()
    assert 'name="version" value="1"' in page
    assert admin_client.get(f"{LIST}take/").status_code == 405
    assert left_for_each(consultation) == [("admin", 1), ("amina", 1)]
    assert "Still to be read:" in admin_client.get("/admin/").content.decode()


def test_to_each_another_one(django_user_model, consultation, six):
    people = [django_user_model.objects.create_user(f"reader-{n}", is_staff=True) for n in range(8)]
    taken: list[str | None] = []

    def take(person: object) -> None:
        try:
            found = take_next(consultation, by=person)
            taken.append(found.reference if found else None)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(one for one in taken if one) == sorted(one.reference for one in six)
    assert taken.count(None) == 2


def test_when_all_are_taken_it_says_so(admin_client, consultation):
    page = admin_client.post(f"{LIST}take/", {"consultation": consultation.pk}, follow=True).content.decode()
    assert "all have been taken" in page
    assert admin_client.post(f"{LIST}take/", {"consultation": "x"}).status_code == 302
    assert admin_client.post(f"{LIST}take/", {"consultation": "999999"}).status_code == 404


def test_who_else_has_it_open(admin_client, client, amina, six):
    page = f"{LIST}{six[0].pk}/change/"
    client.force_login(amina, backend="accounts.sign_on.backend.PasswordBackend")
    assert "Also open with" not in client.get(page).content.decode()
    assert "Also open with: amina" in admin_client.get(page).content.decode()
    assert client.post(f"{LIST}{six[0].pk}/present/").json() == {"sentence": "Also open with: admin"}
    assert Presence.objects.count() == 2
    assert "Also open with" not in admin_client.get(f"{LIST}{six[1].pk}/change/").content.decode()
    Presence.objects.update(seen_at=F("seen_at") - presence.PRESENT_FOR - timedelta(seconds=1))
    assert client.post(f"{LIST}{six[0].pk}/present/").json() == {"sentence": ""}
    Presence.objects.update(seen_at=F("seen_at") - presence.FORGOTTEN_AFTER)
    client.get(page)
    assert list(Presence.objects.values_list("reference", "user__username")) == [(six[0].reference, "amina")]


def test_only_reviewers_take_and_are_present(client, django_user_model, six):
    client.force_login(django_user_model.objects.create_user("nobody", is_staff=True))
    assert client.post(f"{LIST}take/").status_code == 403
    assert client.post(f"{LIST}{six[0].pk}/present/").status_code == 403
    assert not Presence.objects.exists()
