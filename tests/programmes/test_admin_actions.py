"""The buttons of the admin: they call the operations and show their refusals."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from people.models import Message, User
from programmes.admin.participation import unanswered_invitations
from programmes.admin.people import failed_mails
from programmes.models import (
    Consent,
    ConsentPurpose,
    Invitation,
    Organisation,
    Participation,
    Person,
    Programme,
    Run,
    Sector,
    TeamMembership,
)
from tests.factories import (
    ConsentFactory,
    ConsentPurposeFactory,
    EditorFactory,
    InvitationFactory,
    MessageFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    PositionFactory,
    ProgrammeFactory,
    ResponsibilityFactory,
    RunFactory,
    SectorFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)
from tests.pages import press, read_button, read_form, save
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db


# The form on the page between a list and what happens to its rows.
CONFIRMATION = "//form[.//input[@name='confirmed']]"


def action(obj, name):
    opts = obj._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_action", args=[obj.pk, name])


def change(obj):
    opts = obj._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])


def changelist(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def labels(response):
    return [str(button["action"].label) for button in response.context["object_buttons"]]


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (
            "planned",
            [
                "Durchlauf starten",
                "Leitfrage neu fassen",
                "Teilnehmende aufnehmen",
                "Durchlauf absagen",
            ],
        ),
        (
            "running",
            [
                "Durchlauf abschließen",
                "Leitfrage neu fassen",
                "Teilnehmende aufnehmen",
                "Durchlauf absagen",
            ],
        ),
        ("completed", ["Archivieren", "Leitfrage neu fassen"]),
        ("archived", ["Leitfrage neu fassen"]),
        ("cancelled", ["Leitfrage neu fassen"]),
    ],
)
def test_run_shows_the_buttons_of_its_status(client, lead, programme, status, buttons):
    run = RunFactory(programme=programme, status=status)

    assert labels(client.get(change(run))) == buttons


def test_editor_and_superuser_see_no_buttons(client, programme):
    run = RunFactory(programme=programme)

    for user in (EditorFactory(programme=programme), UserFactory(superuser=True)):
        log_in_with_second_factor(client, user)

        assert labels(client.get(change(run))) == []
        assert press(client, run, "start").status_code == 403
    run.refresh_from_db()
    assert run.status == Run.Status.PLANNED


def test_button_moves_the_run(client, lead, programme):
    run = RunFactory(programme=programme)

    response = press(client, run, "start")

    run.refresh_from_db()
    assert response.url == change(run)
    assert told(response) == ["Der Durchlauf läuft."]
    assert run.status == Run.Status.RUNNING


def test_reading_a_button_changes_nothing(client, lead, programme):
    run = RunFactory(programme=programme)

    assert client.get(read_button(client, run, "start")).status_code == 200
    run.refresh_from_db()
    assert run.status == Run.Status.PLANNED


def test_button_of_an_old_page_explains_itself(client, lead, programme):
    run = RunFactory(programme=programme, archived=True)

    response = press(client, run, "start")

    assert response.status_code == 403 or told(response)


def test_destructive_button_asks_first(client, lead, programme):
    run = RunFactory(programme=programme)

    page = client.get(read_button(client, run, "cancel"))
    assert "Das lässt sich nicht zurücknehmen." in page.text
    press(client, run, "cancel")

    run.refresh_from_db()
    assert run.status == Run.Status.CANCELLED


def test_foreign_and_unknown_buttons_are_not_found(client, lead, programme):
    run = RunFactory(programme=programme)

    assert press(client, RunFactory(), "start").status_code == 404
    assert press(client, run, "explode").status_code == 404
    assert press(client, run, "delete").status_code == 404


def test_question_gets_a_new_wording(client, lead, programme):
    run = RunFactory(programme=programme)

    response = press(client, run, "set_question", text="")
    assert response.context["adminform"].form.errors["text"]
    press(client, run, "set_question", text="Wie?", stated_on="5/2016", source="Presse")

    question = run.questions.get()
    assert (question.text, str(question.stated_on.text)) == ("Wie?", "2016-05")


def test_new_programme_is_led_by_its_founder(client):
    founder = UserFactory(staff=True, may_found_programmes=True)
    log_in_with_second_factor(client, founder)

    response = client.post(
        reverse("admin:programmes_programme_add"),
        {"title": "Neues Programm", "slug": "neu", "language": "de"},
    )

    programme = Programme.objects.get(slug="neu")
    assert response.status_code == 302
    assert Programme.objects.led_by(founder).get() == programme
    assert client.get(change(programme)).status_code == 200


def test_lead_without_the_right_founds_nothing(client, lead):
    assert client.get(reverse("admin:programmes_programme_add")).status_code == 403


def test_slug_of_a_programme_stays(client, lead, programme):
    page = client.get(change(programme))

    assert "slug" not in page.context["adminform"].form.fields


def test_somebody_is_entrusted_and_released_again(client, lead, programme):
    press(client, programme, "entrust", email="neu@example.org", role="editor")
    user = User.objects.get(email="neu@example.org")
    responsibility = programme.responsibilities.get(user=user)
    foreign = ResponsibilityFactory()

    response = press(client, programme, "end_responsibility", responsibility=foreign.pk)
    assert response.status_code == 200
    press(client, programme, "end_responsibility", responsibility=responsibility.pk)

    assert programme.responsibilities.filter(user=user).exists() is False
    foreign.refresh_from_db()


def test_last_lead_stays_with_a_sentence(client, lead, programme):
    own = programme.responsibilities.get()

    response = press(client, programme, "end_responsibility", responsibility=own.pk)

    assert told(response) == ["Ein Programm braucht mindestens eine Projektleitung."]


# Participants


def add(client, **data):
    return client.post(
        reverse("admin:programmes_participation_add"), {"role": "participant", **data}
    )


def test_new_participant_in_one_step(client, lead, programme):
    run = RunFactory(programme=programme)
    house = OrganisationFactory(programme=programme)
    sector = SectorFactory(programme=programme)

    response = add(
        client,
        run=run.pk,
        sector=sector.pk,
        given_name="Ada",
        family_name="Muster",
        email="ada@example.org",
        organisation=house.pk,
        function="Leitung",
        send_invitation="on",
    )

    participation = Participation.objects.get()
    assert response.url == changelist(Participation)
    assert participation.person.full_name == "Ada Muster"
    assert participation.position.title == "Leitung"
    assert participation.sector == sector
    assert participation.invitation.status == Invitation.Status.SENT
    assert Message.objects.get().recipient == "ada@example.org"


def test_known_person_takes_part_without_mail(client, lead, programme):
    run = RunFactory(programme=programme)
    person = PersonFactory(programme=programme)

    add(client, run=run.pk, person=person.pk)

    assert Participation.objects.get().invitation.status == Invitation.Status.DRAFT
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "family_name"),
        ({"family_name": "Muster", "organisation": True}, "function"),
        ({"family_name": "Muster", "function": "Leitung"}, "organisation"),
        ({"family_name": "Muster", "send_invitation": "on"}, "email"),
        ({"person": True, "family_name": "Muster"}, "person"),
        ({"person": "taken"}, "person"),
        ({"family_name": "Muster", "run": "over"}, "run"),
    ],
)
def test_bad_input_for_a_participant_is_explained(client, lead, programme, data, field):
    run = RunFactory(programme=programme)
    taken = ParticipationFactory(run=run).person
    if data.get("organisation"):
        data = {**data, "organisation": OrganisationFactory(programme=programme).pk}
    if "person" in data:
        known = taken if data["person"] == "taken" else PersonFactory(programme=programme)
        data = {**data, "person": known.pk}
    if data.get("run") == "over":
        data = {**data, "run": RunFactory(programme=programme, completed=True).pk}

    response = add(client, **{"run": run.pk, **data})

    assert list(response.context["adminform"].form.errors) == [field]
    assert Participation.objects.count() == 1


def test_many_are_invited_after_a_preview(client, lead, programme):
    run = RunFactory(programme=programme, running=True, topic="Zuwanderung")
    ready = InvitationFactory.create_batch(2, participation__run=run)
    active = ParticipationFactory(run=run)
    without = ParticipationFactory(run=run, invited=True, person__email="")
    rows = [*(invitation.participation for invitation in ready), active, without]
    data = {"action": "invite", "_selected_action": [row.pk for row in rows]}

    page = client.post(changelist(Participation), data)
    assert "Das betrifft 2 Zeilen" in page.text
    assert "Keine E-Mail-Adresse." in page.text
    assert "Betreff: Einladung: Zuwanderung" in page.text
    assert "[persönlicher Link]" in page.text
    assert Message.objects.count() == 0

    response = client.post(changelist(Participation), read_form(page, within=CONFIRMATION))
    assert told(response) == [
        "„Einladen“ ist für 2 Zeilen erledigt.",
        "2 Zeilen bleiben unverändert.",
    ]
    assert Message.objects.count() == 2


def test_inviting_many_says_for_each_what_happens_and_keeps_open_invitations(
    client, lead, programme
):
    run = RunFactory(programme=programme, running=True)
    names = {
        "neu": InvitationFactory(participation__run=run),
        "offen": InvitationFactory(participation__run=run, sent=True),
        "abgelaufen": InvitationFactory(participation__run=run, expired=True),
        "zurück": InvitationFactory(participation__run=run, withdrawn=True),
    }
    rows = {name: invitation.participation for name, invitation in names.items()}
    rows["dabei"] = ParticipationFactory(run=run)
    rows["fertig"] = ParticipationFactory(run=run, completed=True)
    rows["weg"] = ParticipationFactory(run=run, left=True)
    rows["abgelehnt"] = ParticipationFactory(run=run, declined=True)
    rows["ohne Adresse"] = ParticipationFactory(run=run, invited=True, person__email="")
    before = Invitation.objects.get(pk=names["offen"].pk).token_hash
    data = {"action": "invite", "_selected_action": [row.pk for row in rows.values()]}

    page = client.post(changelist(Participation), data)

    happens = {str(row["object"]): row["effect"] for row in page.context["ready"]}
    assert happens == {
        str(rows["neu"]): f"Einladung an {rows['neu'].person.email}",
        str(rows["abgelaufen"]): f"neue Einladung an {rows['abgelaufen'].person.email}",
        str(rows["zurück"]): f"neue Einladung an {rows['zurück'].person.email}",
    }
    day = date_format(localtime(names["offen"].expires_at), "DATE_FORMAT")
    stays = {str(row["object"]): row["reason"] for row in page.context["refused"]}
    assert stays == {
        str(rows["offen"]): f"Hat eine offene Einladung bis {day}.",
        str(rows["dabei"]): "Ist schon dabei.",
        str(rows["fertig"]): "Ist schon dabei.",
        str(rows["weg"]): "Ist ausgeschieden.",
        str(rows["abgelehnt"]): "Hat die Einladung abgelehnt.",
        str(rows["ohne Adresse"]): (
            "Keine E-Mail-Adresse. Tragen Sie sie auf der Seite der Person ein."
        ),
    }

    response = client.post(changelist(Participation), read_form(page, within=CONFIRMATION))

    assert told(response) == [
        "„Einladen“ ist für 3 Zeilen erledigt.",
        "6 Zeilen bleiben unverändert.",
    ]
    assert Message.objects.count() == 3
    assert Invitation.objects.get(pk=names["offen"].pk).token_hash == before


def test_pressing_twice_mails_nobody_twice(client, lead, programme):
    run = RunFactory(programme=programme, running=True)
    rows = [InvitationFactory(participation__run=run).participation for _ in range(2)]
    chosen = {"action": "invite", "_selected_action": [row.pk for row in rows]}
    page = client.post(changelist(Participation), chosen)
    data = read_form(page, within=CONFIRMATION)

    client.post(changelist(Participation), data)
    hashes = set(Invitation.objects.values_list("token_hash", flat=True))
    response = client.post(changelist(Participation), data)

    assert Message.objects.count() == 2
    assert set(Invitation.objects.values_list("token_hash", flat=True)) == hashes
    assert "Für keine der ausgewählten Zeilen ist das möglich." in told(response)


def test_invitation_whose_time_is_over_is_no_open_one(client, lead, programme):
    invitation = InvitationFactory(
        participation__run=RunFactory(programme=programme, running=True), sent=True
    )
    Invitation.objects.filter(pk=invitation.pk).update(
        expires_at=timezone.now() - timedelta(minutes=1)
    )
    data = {"action": "invite", "_selected_action": [invitation.participation_id]}

    page = client.post(changelist(Participation), data)

    assert len(page.context["ready"]) == 1


def test_only_who_was_mailed_counts_as_invited(client, lead, programme):
    run = RunFactory(programme=programme, running=True)
    without = ParticipationFactory(run=run, invited=True, person__email="")
    draft = InvitationFactory(participation__run=run).participation
    sent = InvitationFactory(participation__run=run, sent=True).participation

    words = [row.get_status_display() for row in (without, draft, sent)]

    assert words == ["noch nicht eingeladen", "noch nicht eingeladen", "eingeladen"]
    for page in (client.get(changelist(Participation)), client.get(change(run))):
        assert page.text.count(">noch nicht eingeladen<") == 2
        assert client.get(change(sent)).context["object_status"] == "eingeladen"


def test_inviting_nobody_says_so(client, lead, programme):
    active = ParticipationFactory(run__programme=programme)

    response = client.post(
        changelist(Participation), {"action": "invite", "_selected_action": [active.pk]}
    )

    assert told(response) == [
        "Für keine der ausgewählten Zeilen ist das möglich.",
        f"{active}: Ist schon dabei.",
    ]


def test_foreign_rows_are_not_invited(client, lead, programme):
    own = InvitationFactory(participation__run__programme=programme).participation
    foreign = InvitationFactory().participation

    page = client.post(
        changelist(Participation), {"action": "invite", "_selected_action": [own.pk, foreign.pk]}
    )
    data = read_form(page, within=CONFIRMATION)
    data["_selected_action"].append(str(foreign.pk))
    client.post(changelist(Participation), data)

    assert Message.objects.get().recipient == own.person.email


def test_missing_address_switches_the_button_off(client, lead, programme):
    participation = InvitationFactory(
        participation__run__programme=programme, participation__person__email=""
    ).participation

    page = client.get(change(participation))
    assert 'aria-disabled="true"' in page.text
    response = press(client, participation, "invite")

    assert told(response) == ["Keine E-Mail-Adresse. Tragen Sie sie auf der Seite der Person ein."]


def test_invitation_is_withdrawn(client, lead, programme):
    invitation = InvitationFactory(sent=True, participation__run__programme=programme)

    press(client, invitation.participation, "withdraw_invitation")

    invitation.refresh_from_db()
    assert invitation.status == Invitation.Status.WITHDRAWN


@pytest.mark.parametrize(("name", "status"), [("complete", "completed"), ("leave", "left")])
def test_participation_ends(client, lead, programme, name, status):
    participation = ParticipationFactory(run__programme=programme)

    press(client, participation, name)

    participation.refresh_from_db()
    assert participation.status == status


def test_position_of_a_participant_is_one_of_the_persons(client, lead, programme):
    participation = ParticipationFactory(run__programme=programme)
    other = ParticipationFactory(run=participation.run)
    own = PositionFactory(person=participation.person)
    foreign = PositionFactory(person=other.person)

    choices = client.get(change(participation)).context["adminform"].form.fields["position"]
    assert list(choices.queryset) == [own]
    response = save(client, participation, position=foreign.pk)
    assert response.context["adminform"].form.errors["position"]


# Teams


def formset(*rows, initial=0):
    data = {
        "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": initial,
    }
    for number, row in enumerate(rows):
        data |= {f"memberships-{number}-{name}": value for name, value in row.items()}
    return data


def test_members_are_entered_with_their_team(client, lead, programme):
    participation = ParticipationFactory(run__programme=programme)

    client.post(
        reverse("admin:programmes_team_add"),
        {
            "run": participation.run.pk,
            "name": "Expedition",
            "position": "1",
            **formset({"participation": participation.pk, "is_speaker": "on"}),
        },
    )

    membership = TeamMembership.objects.get()
    assert (membership.team.name, membership.is_speaker) == ("Expedition", True)


def test_member_of_another_run_is_refused(client, lead, programme):
    team = TeamFactory(run__programme=programme)
    stranger = ParticipationFactory(run__programme=programme)

    response = save(client, team, **formset({"participation": stranger.pk}))

    assert response.status_code == 200
    assert "gehört zu einem anderen Durchlauf." in response.text
    assert TeamMembership.objects.count() == 0


def test_member_leaves_the_team(client, lead, programme):
    membership = TeamMembershipFactory(team__run__programme=programme)

    save(client, membership.team, **{"memberships-0-has_left": "on"})

    membership.refresh_from_db()
    assert membership.has_left is True


# People


def positions(**extra):
    return {"positions-TOTAL_FORMS": "0", "positions-INITIAL_FORMS": "0", **extra}


def test_only_programme_is_chosen_by_itself(client, lead, programme):
    client.post(
        reverse("admin:programmes_person_add"), positions(given_name="Ada", family_name="Muster")
    )

    assert Person.objects.get().programme == programme


def test_lead_of_two_programmes_chooses(client, lead, programme):
    other = ResponsibilityFactory(user=lead).programme
    url = reverse("admin:programmes_organisation_add")

    assert client.post(url, {"name": "Haus"}).context["adminform"].form.errors["programme"]
    foreign = ProgrammeFactory()
    response = client.post(url, {"name": "Haus", "programme": foreign.pk})
    assert response.context["adminform"].form.errors["programme"]
    client.post(url, {"name": "Haus", "programme": other.pk})

    assert Organisation.objects.get().programme == other


def test_second_sector_of_one_name_is_refused(client, lead, programme):
    SectorFactory(programme=programme, name="Kultur")
    SectorFactory(name="Soziales")
    url = reverse("admin:programmes_sector_add")

    assert client.post(url, {"name": "Kultur", "position": "1"}).status_code == 200
    assert client.post(url, {"name": "Soziales", "position": "1"}).status_code == 302
    assert Sector.objects.filter(programme=programme).count() == 2


def test_consent_is_entered_and_withdrawn(client, lead, programme):
    person = PersonFactory(programme=programme)
    purpose = ConsentPurposeFactory(programme=programme)

    press(client, person, "record_consent", purpose=purpose.pk, channel="paper")
    assert Consent.objects.in_force().get().channel == "paper"
    press(client, person, "record_withdrawal", purpose=purpose.pk)
    assert Consent.objects.in_force().count() == 0


def test_consent_to_a_foreign_purpose_is_refused(client, lead, programme):
    person = PersonFactory(programme=programme)

    response = press(
        client, person, "record_consent", purpose=ConsentPurposeFactory().pk, channel="paper"
    )

    assert response.context["adminform"].form.errors["purpose"]


def test_wording_of_a_purpose_changes_by_a_button_only(client, lead, programme):
    purpose = ConsentPurposeFactory(programme=programme)
    ConsentFactory(purpose=purpose, person__programme=programme)

    save(client, purpose, wording="Heimlich anders.")
    press(client, purpose, "reword", wording="Offen anders.")

    purpose = ConsentPurpose.objects.get(pk=purpose.pk)
    assert (purpose.wording, purpose.version) == ("Offen anders.", 2)


def test_failed_mail_is_sent_again(client, lead, programme):
    message = MessageFactory(scope=programme.slug, failed=True)

    press(client, message, "resend")

    message.refresh_from_db()
    assert message.status == Message.Status.PENDING


def test_failed_mail_with_a_dead_link_is_not(client, lead, programme):
    message = MessageFactory(scope=programme.slug, failed=True, body=Message.LINK_MARK)

    response = press(client, message, "resend")

    assert told(response) == ["Der Link in dieser E-Mail gilt nicht mehr. Bitte laden Sie neu ein."]


def test_account_mails_are_for_technical_care(client, lead):
    MessageFactory(subject="Ihr Code zum Anmelden")

    assert "Ihr Code zum Anmelden" not in client.get(changelist(Message)).text
    log_in_with_second_factor(client, UserFactory(superuser=True))
    assert "Ihr Code zum Anmelden" in client.get(changelist(Message)).text


def test_accounts_are_for_technical_care(client, lead):
    account = UserFactory()

    assert client.get(changelist(User)).status_code == 403
    assert client.get(change(account)).status_code == 403
    log_in_with_second_factor(client, UserFactory(superuser=True))
    assert client.get(changelist(User)).status_code == 200
    assert client.get(change(account)).status_code == 200
    assert client.get(reverse("admin:people_user_add")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [(Run, 10), (Participation, 11), (Person, 9), (Message, 11), (Programme, 9)],
)
def test_list_query_count(
    client, lead, programme, django_assert_num_queries, model, queries, count
):
    for _number in range(count):
        InvitationFactory(sent=True, participation__run__programme=programme)
        MessageFactory(scope=programme.slug)
        ResponsibilityFactory(user=lead)
    # The first request of a session notes when it was seen.
    client.get(changelist(model))

    with django_assert_num_queries(queries):
        client.get(changelist(model))


@pytest.mark.parametrize("count", [1, 3])
def test_attention_query_count(rf, lead, programme, django_assert_num_queries, count):
    InvitationFactory.create_batch(count, sent=True, participation__run__programme=programme)
    MessageFactory.create_batch(count, scope=programme.slug, failed=True)
    request = rf.get("/")
    request.user = User.objects.get(pk=lead.pk)

    with django_assert_num_queries(5):
        cards = [*unanswered_invitations(request), *failed_mails(request)]

    assert [(str(card.title), card.count, len(card.items)) for card in cards] == [
        ("Einladungen ohne Antwort", count, count),
        ("Nicht zustellbare E-Mails", count, count),
    ]
