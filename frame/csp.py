"""The editor's two inline pieces and the content security policy.

django-prose-editor brings an inline import map, and its Tiptap core puts one style element into
the head. Both are known before any request, so their hashes are computed from the packages
themselves and allowed only where the editor is: never anything else inline.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django_prose_editor.widgets import importmap

IMPORT_MAP = b'<script type="importmap"'
# The call that puts Tiptap's style into the page names the constant that holds it.
STYLE_NAME = re.compile(r"this\.css=[\w$]+\(([\w$]+),this\.options\.injectNonce\)")


class StyleNotFound(Exception):
    """The editor's script is built differently: its style can't be allowed by its hash."""


class EditorPolicyMiddleware:
    """Allow the editor's import map and style on the pages that show it.

    It stands below CSPMiddleware, which writes the header from what is noted here.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_html = response.get("Content-Type", "").startswith("text/html")
        if is_html and not response.streaming and IMPORT_MAP in response.content:
            response._csp_update = {
                "script-src": [f"'{import_map_hash()}'"],
                "style-src": [f"'{style_hash()}'"],
            }
        return response


@cache
def import_map_hash() -> str:
    """The hash of the import map as the editor's media print it."""
    content = re.sub(r"^<script[^>]*>|</script>$", "", str(importmap))
    return _source(content)


@cache
def style_hash() -> str:
    """The hash of the style that Tiptap adds to the head; raises StyleNotFound."""
    path = finders.find("django_prose_editor/editor.js")
    script = Path(path).read_text(encoding="utf-8") if path else ""
    name = STYLE_NAME.search(script)
    style = name and re.search(rf"[,\s;]{re.escape(name[1])}=`([^`\\$]*)`", script)
    if not style:
        raise StyleNotFound(path)
    return _source(style[1])


def _source(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
