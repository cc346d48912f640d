import pytest

from documents.kinds import register_kind, unregister_kind
from documents.operations import request_print
from documents.signals import job_finished
from tests.documents import samples
from tests.documents.sample.apps import SAMPLE, SampleConfig


@pytest.fixture
def sample_kind(settings):
    templates = [{**engine} for engine in settings.TEMPLATES]
    folder = f"{SampleConfig.name.replace('.', '/')}/templates"
    templates[0]["DIRS"] = [*templates[0]["DIRS"], settings.BASE_DIR / folder]
    settings.TEMPLATES = templates
    register_kind(SAMPLE)
    yield SAMPLE
    unregister_kind(SAMPLE.name)


@pytest.fixture
def make_job(sample_kind, db):
    def make(content=None, **extra):
        return request_print(
            **{
                "kind": "sample",
                "title": "Muster",
                "filename": "muster.pdf",
                "language": "de",
                "content": content or samples.small(),
                **extra,
            }
        )

    return make


@pytest.fixture
def finished():
    """The jobs that said they are finished, each with its status."""
    jobs = []

    def receiver(job, **_kwargs):
        jobs.append((job.pk, job.status))

    job_finished.connect(receiver)
    yield jobs
    job_finished.disconnect(receiver)
