from importlib import import_module

import pytest
from django.apps import apps

from tests.factories import ConceptFactory, PersonFactory

migration = import_module("concepts.migrations.0002_author_person")


@pytest.mark.django_db
def test_authors_get_the_key_of_the_person_who_bears_the_name():
    authors = [
        {"name": "Dr. Ada Beispiel", "function": "Leitung", "organisation": "Musterwerk"},
        {"name": "Alex Doppelt", "function": "", "organisation": ""},
        {"name": "Wer Anders", "function": "", "organisation": ""},
    ]
    concept = ConceptFactory(published=True, authors=authors)
    scope = concept.run.programme.slug
    ada = PersonFactory(scope=scope, academic_title="Dr.", given_name="Ada", family_name="Beispiel")
    PersonFactory.create_batch(2, scope=scope, given_name="Alex", family_name="Doppelt")
    PersonFactory(given_name="Wer", family_name="Anders")

    migration.name_persons(apps, None)
    concept.refresh_from_db()
    assert concept.authors == [{"person": ada.key, **authors[0]}]

    migration.forget_persons(apps, None)
    concept.refresh_from_db()
    assert concept.authors == authors[:1]
