"""What several tests of the desk begin with: a reviewer who is signed in, and a submission to be marked."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from submissions.contents import Content, ProposedWording
from submissions.models import Submission
from tests.conftest import ARABIC, ENGLISH, send

TEXT = "The village of Li Wei has no link.\nLi Wei asks for one."
FIRST = Content(TEXT, (ProposedWording("60", "A link for each village", "Li Wei says so"),))


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
