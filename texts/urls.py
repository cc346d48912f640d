"""The addresses of this room."""

from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.i18n import JavaScriptCatalog

app_name = "texts"

urlpatterns = [
    # The editor's words in the language of the page; they change only with a release.
    path(
        "editor/texte.js",
        cache_control(public=True, max_age=3600)(
            JavaScriptCatalog.as_view(packages=["django_prose_editor"])
        ),
        name="editor_texts",
    ),
]
