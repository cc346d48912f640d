from collections import Counter

from django.db import migrations


def name_persons(apps, schema_editor):
    """Give every author the key of the person, whose consent is then looked up.

    A name that nobody in the programme bears, or several do, goes: its consent cannot be known.
    """
    for concept in apps.get_model("concepts", "Concept").objects.exclude(authors=[]):
        persons = apps.get_model("people", "Person").objects.filter(
            scope=concept.run.programme.slug
        )
        keys = {full_name(person): person.key for person in persons}
        namesakes = Counter(map(full_name, persons))
        concept.authors = [
            {"person": keys[author["name"]], **author}
            for author in concept.authors
            if namesakes[author["name"]] == 1
        ]
        concept.save(update_fields=["authors"])


def forget_persons(apps, schema_editor):
    for concept in apps.get_model("concepts", "Concept").objects.exclude(authors=[]):
        for author in concept.authors:
            del author["person"]
        concept.save(update_fields=["authors"])


def full_name(person):
    return " ".join(filter(None, [person.academic_title, person.given_name, person.family_name]))


class Migration(migrations.Migration):
    dependencies = [
        ("concepts", "0001_initial"),
        ("people", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [migrations.RunPython(name_persons, forget_persons)]
