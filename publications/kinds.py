"""The documents that publications prints; loaded when the apps are ready."""

from django.utils.translation import gettext_lazy as _

from documents.kinds import DocumentKind, register_kind
from publications.models import Edition, PressRelease
from publications.rendering import guideline_context, press_release_context

register_kind(
    DocumentKind(
        name=PressRelease.DOCUMENT,
        verbose_name=_("Pressemitteilung"),
        template="publications/pdf/press_release.html",
        stylesheets=("pdf/base.css", "pdf/press_release.css"),
        context=press_release_context,
    )
)
register_kind(
    DocumentKind(
        name=Edition.DOCUMENT,
        verbose_name=_("Leitfaden"),
        template="publications/pdf/guideline.html",
        stylesheets=("pdf/base.css", "pdf/guideline.css"),
        context=guideline_context,
    )
)
