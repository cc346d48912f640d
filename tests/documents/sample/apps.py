"""An app that owns a kind of document with every element a template may use."""

from django.apps import AppConfig

from documents.kinds import Attachment, DocumentKind, register_kind


def sample_context(content):
    return {**content, "chapters": content.get("chapters", [])}


def sample_attachments(content):
    if "blueprint" not in content:
        return ()
    return [
        Attachment(
            name="blueprint.json",
            text=content["blueprint"],
            description="Vorlage für einen Durchlauf",
            day="2016-06-01",
        )
    ]


SAMPLE = DocumentKind(
    name="sample",
    verbose_name="Muster",
    template="sample/document.html",
    context=sample_context,
    attachments=sample_attachments,
)


class SampleConfig(AppConfig):
    name = "tests.documents.sample"
    label = "sample"

    def ready(self):
        register_kind(SAMPLE)
