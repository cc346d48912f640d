import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404

from documents.delivery import artefact_response
from tests.factories import ArtefactFactory, RenderJobFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def artefact():
    key = default_storage.save("artefacts/ef/x.pdf", ContentFile(b"%PDF-1.7"))
    job = RenderJobFactory(done=True, filename="Prüfung „1“.pdf")
    yield ArtefactFactory(job=job, key=key, size=8)
    default_storage.delete(key)


def test_a_file_is_private_and_for_saving(artefact):
    response = artefact_response(artefact)

    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == "8"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Pr%C3%BCfung%20%E2%80%9E1%E2%80%9C.pdf"
    )


def test_a_published_file_stays_in_caches_that_ask_again(artefact):
    response = artefact_response(artefact, as_attachment=False, is_public=True)

    assert response["Cache-Control"] == "public, no-cache"
    assert response["ETag"] == f'"{artefact.sha256}"'
    assert response["Content-Disposition"].startswith("inline")
    response.close()


@pytest.mark.expects_error_log
@pytest.mark.parametrize("is_public", [True, False])
def test_a_file_that_is_gone_does_not_exist_and_is_reported(artefact, caplog, is_public):
    default_storage.delete(artefact.key)

    with pytest.raises(Http404):
        artefact_response(artefact, is_public=is_public)

    assert f"The file of artefact {artefact.pk} is gone: {artefact.key}" in caplog.text


def test_a_storage_that_hands_out_itself_gets_a_signed_address(artefact, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "portal",
                "endpoint_url": "https://s3.example.org",
                "access_key": "key",
                "secret_key": "secret",
                "region_name": "eu",
                "querystring_auth": True,
                "querystring_expire": 60,
            },
        },
    }

    response = artefact_response(artefact, is_public=True)

    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"
    assert response["Location"].startswith("https://s3.example.org/portal/artefacts/ef/x.pdf?")
    assert "response-content-disposition=attachment" in response["Location"]
    assert (
        "Expires=60" in response["Location"]
        or "X-Amz-Expires=60" in response["Location"]
        or ("Expires=" in response["Location"])
    )
