import pytest
from django.urls import reverse

from tests.factories import OutputFactory


def writer(output):
    return output.participation.person.user


def run_url(run):
    return reverse("workshops:run", args=[run.programme.slug, run.slug])


def edit_url(output):
    return reverse("workshops:edit", args=[output.pk])


def typed(body="<p>neu</p>", version=1, **more):
    return {"body": body, "version": version, **more}


@pytest.fixture
def output(client):
    """A draft, with its writer logged in."""
    output = OutputFactory()
    client.force_login(writer(output))
    return output
