"""What several tests of the workspace begin with: a reviewer who is signed in, and a submission to be marked."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from submissions.models import Submission
from tests.factories import ARABIC, ENGLISH, FIRST, send


@pytest.fixture
def amina(client):
    user = get_user_model().objects.create_user("amina", is_staff=True)
    user.groups.add(Group.objects.get(name="Reviewer"))
    client.force_login(user)
    return user


@pytest.fixture
def sent(consultation):
    return send(consultation, {1: FIRST, 2: "Another."}).submission


@pytest.fixture
def one(consultation) -> Submission:
    return send(consultation, {1: ENGLISH, 5: ARABIC}).submission
