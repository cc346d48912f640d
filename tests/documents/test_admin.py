import pytest
from django.urls import reverse

from documents.models import RenderJob
from tests.documents import samples
from tests.factories import ArtefactFactory, RenderJobFactory, UserFactory
from tests.signing_in import log_in_with_second_factor

pytestmark = pytest.mark.django_db
LIST = "admin:documents_renderjob_changelist"


@pytest.fixture
def superuser():
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def as_superuser(client, superuser):
    return log_in_with_second_factor(client, superuser)


def test_only_superusers_see_the_raw_list(client):
    log_in_with_second_factor(client, UserFactory(is_staff=True))

    assert client.get(reverse(LIST)).status_code == 403


def test_the_list_shows_progress_and_files(as_superuser):
    ArtefactFactory()
    RenderJobFactory(running=True, stage="layout", page_count=12)
    RenderJobFactory(failed=True)

    text = as_superuser.get(reverse(LIST)).text

    assert "12\u00a0kB, 2 Seiten" in text
    assert "37 %: Schritt: Umbruch, 12 Seiten" in text
    assert "Der Druck ist fehlgeschlagen." in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_the_same_for_any_number(
    as_superuser, django_assert_num_queries, count
):
    for _ in range(count):
        ArtefactFactory()
    as_superuser.get(reverse(LIST))  # what the process and the session remember

    with django_assert_num_queries(10):
        as_superuser.get(reverse(LIST))


def test_nothing_can_be_changed(as_superuser):
    job = RenderJobFactory()
    addresses = [
        reverse("admin:documents_renderjob_add"),
        reverse("admin:documents_renderjob_delete", args=[job.pk]),
    ]

    assert [as_superuser.get(address).status_code for address in addresses] == [403, 403]
    change = as_superuser.get(reverse("admin:documents_renderjob_change", args=[job.pk]))
    assert change.status_code == 200
    assert 'name="title"' not in change.text


def act(client, *jobs):
    return client.post(
        reverse(LIST),
        {"action": "print_again", "_selected_action": [job.pk for job in jobs]},
        follow=True,
    )


def test_failed_jobs_are_printed_again(as_superuser, make_job):
    job = make_job(samples.small())
    RenderJob.objects.filter(pk=job.pk).update(status=RenderJob.Status.FAILED, attempts=5)

    response = act(as_superuser, job)

    job.refresh_from_db()
    assert (job.status, job.attempts) == (RenderJob.Status.PENDING, 0)
    assert "1 Dokument wird erneut gedruckt." in response.text


def test_only_failed_jobs_are_printed_again(as_superuser):
    job = RenderJobFactory(done=True)

    response = act(as_superuser, job)

    assert "Nur Fehlgeschlagenes wird erneut gedruckt." in response.text
