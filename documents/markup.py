"""From frozen content to the HTML of a document. Knows no model, no network, no layout engine."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from documents.kinds import DocumentKind


def document_html(kind: DocumentKind, content: dict[str, Any], *, language: str) -> str:
    """Return the HTML of a document of this kind."""
    with translation.override(language):
        context = {
            "title": content.get("title", ""),
            **kind.context(content),
            "document_language": language,
            "document_stylesheets": kind.stylesheets,
            "document_content": content,
        }
        return render_to_string(kind.template, context)
