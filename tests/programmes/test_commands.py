"""The commands for the first lead and for the demo."""

import io

import pytest
from django.conf import settings
from django.core.management import (
    CommandError,
    call_command,
    get_commands,
    load_command_class,
)

from people.models import Message, User
from programmes.models import Programme
from tests.factories import PASSWORD, ParticipationFactory, ProgrammeFactory, UserFactory

pytestmark = pytest.mark.django_db


def run(*arguments, **options):
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


OWN = sorted(
    name
    for name, app in get_commands().items()
    if isinstance(app, str) and (settings.BASE_DIR / app / "management").is_dir()
)


@pytest.mark.parametrize("name", OWN)
def test_every_command_explains_itself(name, capsys):
    command = load_command_class(get_commands()[name], name)

    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", name, "--help"])

    assert ended.value.code == 0
    assert str(command.help) in " ".join(capsys.readouterr().out.split())


def test_lead_with_password_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))

    said = run("create_lead", "Leitung@Example.org", "--password-stdin")

    user = User.objects.get(email="leitung@example.org")
    assert user.check_password(PASSWORD)
    assert (user.is_staff, user.may_found_programmes, user.is_superuser) == (True, True, False)
    assert "/admin/programmes/programme/add/" in said
    assert Message.objects.count() == 0


def test_weak_password_is_refused(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("kurz\n"))

    with pytest.raises(CommandError):
        run("create_lead", "leitung@example.org", "--password-stdin")
    assert User.objects.count() == 0


def test_lead_without_password_gets_a_mail():
    run("create_lead", "leitung@example.org", "--mail")

    assert User.objects.get().has_usable_password() is False
    message = Message.objects.get()
    assert message.recipient == "leitung@example.org"
    assert "/konto/passwort/vergessen/" in message.body


def test_known_account_becomes_a_lead_and_keeps_its_password():
    user = UserFactory()

    run("create_lead", user.email, "--mail")

    user.refresh_from_db()
    assert user.may_found_programmes
    assert user.check_password(PASSWORD)
    assert Message.objects.count() == 0


@pytest.mark.parametrize("email", ["", "ohne-at", "a@b@c", "a b@example.org"])
def test_what_is_no_address_is_refused(email):
    with pytest.raises(CommandError):
        run("create_lead", email, "--mail")


def test_demo_accounts_need_development(settings):
    ProgrammeFactory(slug="mfv")
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError):
        run("create_demo_accounts")
    assert User.objects.count() == 0


def test_demo_accounts_need_the_programme(settings):
    settings.DEVELOPMENT = True

    with pytest.raises(CommandError):
        run("create_demo_accounts")


def test_demo_accounts_are_made_once(settings):
    settings.DEVELOPMENT = True
    programme = ProgrammeFactory(slug="mfv")
    participation = ParticipationFactory(run__programme=programme, person__with_account=False)
    outside = ParticipationFactory(
        run=participation.run, person__with_account=False, person__email="a@anderswo.example"
    )

    said = run("create_demo_accounts")
    before = sorted(User.objects.values_list("email", "password"))
    assert run("create_demo_accounts") == said

    participation.person.refresh_from_db()
    outside.person.refresh_from_db()
    assert participation.person.user.email == participation.person.email
    assert outside.person.user is None
    assert sorted(User.objects.values_list("email", "password")) == before
    assert len(before) == 4
    lead = User.objects.get(email="lead@example.org")
    assert Programme.objects.led_by(lead).get() == programme
    assert all(email in said for email, _password in before)
    assert all(user.check_password("mfv-demo-2016") for user in User.objects.all())
