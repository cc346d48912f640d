import pytest

from documents.kinds import register_kind, unregister_kind
from documents.operations import request_print
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
