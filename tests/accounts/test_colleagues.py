"""A manager adds colleagues by a short form: a role in a sentence, a link instead of a password, and no way upwards."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils import translation

from accounts import second_factor
from accounts.models import ROLES, AuthenticatorApp, Invitation
from submissions import roles

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/accounts/colleague/"
NEW = {"username": "amina", "first_name": "Amina", "last_name": "Otieno", "email": "amina@example.org"}
PASSWORD = "a village, a library and a link"


def shown_link(page: str) -> str:
    (link,) = re.findall(r"http://testserver(/admin/invitation/[\w-]+/)", page)
    return str(link)


def add(client: Client, **typed: str) -> str:
    answer = client.post(f"{LIST}add/", {**NEW, "role": "Reviewer", **typed}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_role_that_ships_is_explained():
    assert set(ROLES) == set(roles.ROLES)


def test_from_the_form_to_the_first_sign_in(manager, settings):
    page = manager.get(f"{LIST}add/").content.decode()
    assert all(str(words) in page for words in ROLES.values())
    assert "user_permissions" not in page
    assert 'type="password"' not in page
    link = shown_link(add(manager))
    user = User.objects.get(username="amina")
    assert (user.is_staff, user.is_superuser, user.is_active) == (True, False, True)
    assert [group.name for group in user.groups.all()] == ["Reviewer"]
    assert not user.has_usable_password()

    settings.SECOND_FACTOR = True
    visitor = Client()
    page = visitor.get(link).content.decode()
    assert "This invitation is for amina." in page
    weak = visitor.post(link, {"new_password1": "elements", "new_password2": "elements"})
    assert weak.status_code == 422
    assert not User.objects.get(username="amina").has_usable_password()
    assert visitor.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    # The link does not ask for another one, and changes none that is there.
    assert "new_password1" not in visitor.get(link).content.decode()
    visitor.post(link, {"new_password1": PASSWORD + "!", "new_password2": PASSWORD + "!"})
    assert User.objects.get(username="amina").check_password(PASSWORD)
    signed_in = visitor.post("/admin/login/?next=/admin/", {"username": "amina", "password": PASSWORD}, follow=True)
    assert "Second factor" in signed_in.content.decode()


def test_a_role_is_changed_an_account_switched_off_and_a_second_factor_taken_away(manager, monkeypatch):
    add(manager)
    user = User.objects.get(username="amina")
    page = f"{LIST}{user.pk}/change/"
    assert manager.post(page, {**NEW, "role": "Exporter", "is_active": "on"}).status_code == 302
    assert [group.name for group in user.groups.all()] == ["Exporter"]
    taken: list[User] = []
    monkeypatch.setattr(second_factor, "reset", taken.append)
    done = manager.post(LIST, {"action": "take_second_factor_away", "_selected_action": user.pk}, follow=True)
    assert "Amina has no second factor now" in done.content.decode()
    assert taken == [user]
    done = manager.post(LIST, {"action": "invite", "_selected_action": user.pk}, follow=True)
    assert shown_link(done.content.decode())
    assert Invitation.objects.filter(user=user).count() == 2
    assert manager.post(page, {**NEW, "role": "Exporter"}).status_code == 302
    assert not User.objects.get(pk=user.pk).is_active


def test_nobody_is_there_whose_rights_are_not_a_managers_to_give(manager):
    """An administrator, one with a right of their own, one in a group of another kind, one who is no colleague."""
    boss = User.objects.create_superuser("boss")
    special = User.objects.create_user("special", is_staff=True)
    special.user_permissions.add(Permission.objects.get(codename="delete_group"))
    other = User.objects.create_user("other", is_staff=True)
    other.groups.add(Group.objects.get(name="Reviewer"), Group.objects.create(name="Developers"))
    visitor = User.objects.create_user("visitor")
    page = manager.get(LIST).content.decode()
    for user in (boss, special, other, visitor):
        assert user.username not in page
        assert manager.get(f"{LIST}{user.pk}/change/").status_code == 302
        manager.post(f"{LIST}{user.pk}/change/", {**NEW, "role": "Manager", "is_active": "on"})
        manager.post(LIST, {"action": "invite", "_selected_action": user.pk})
        manager.post(LIST, {"action": "take_second_factor_away", "_selected_action": user.pk})
        assert User.objects.get(pk=user.pk).email == ""
    assert not Invitation.objects.exists()


def test_nobody_takes_their_own_second_factor_away_or_invites_themselves(manager):
    oneself = User.objects.get(username="manager")
    AuthenticatorApp.objects.create(user=oneself, name="app", last_step=0, sealed_secret="x")
    for action in ("invite", "take_second_factor_away"):
        manager.post(LIST, {"action": action, "_selected_action": oneself.pk})
    assert not Invitation.objects.exists()
    assert AuthenticatorApp.objects.filter(user=oneself).exists()


def test_a_role_is_explained_in_the_readers_language(manager):
    page = manager.get(f"{LIST}add/", headers={"Accept-Language": "fr"}).content.decode()
    with translation.override("fr"):
        assert str(ROLES["Reviewer"]).startswith("Lit, ")
        assert all(str(words) in page for words in ROLES.values())


def test_ones_own_page_can_be_read(manager):
    oneself = User.objects.get(username="manager")
    page = manager.get(f"{LIST}{oneself.pk}/change/")
    assert page.status_code == 200
    assert 'name="email"' not in page.content.decode()


def test_nobody_changes_their_own_role(manager):
    oneself = User.objects.get(username="manager")
    assert manager.post(f"{LIST}{oneself.pk}/change/", {**NEW, "role": "Reviewer"}).status_code == 403
    assert [group.name for group in oneself.groups.all()] == ["Manager"]


@pytest.mark.parametrize("role", ["", "Administrator", "Developers", "\x00"])
def test_no_other_role_is_given(manager, role):
    Group.objects.create(name="Developers")
    page = add(manager, role=role)
    assert "errorlist" in page
    assert not User.objects.filter(username="amina").exists()


def test_what_a_form_does_not_have_is_not_changed(manager):
    add(manager, is_superuser="on", is_staff="", user_permissions="1", password="x", groups="1")
    user = User.objects.get(username="amina")
    assert (user.is_superuser, user.is_staff, user.user_permissions.count()) == (False, True, 0)
    assert [group.name for group in user.groups.all()] == ["Reviewer"]


def test_where_an_organisation_signs_people_in_its_groups_make_accounts(manager, monkeypatch):
    monkeypatch.setattr("accounts.sign_on.provider.is_on", lambda: True)
    assert manager.get(f"{LIST}add/").status_code == 403
