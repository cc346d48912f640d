"""Whether a content can be printed, tried where it is handed over: cheaply, without the layout.

What only the layout shows, the trial print shows that is asked for at the submission.
"""

from typing import Any

import tinyhtml5

from documents import limits
from documents.characters import check_characters
from documents.kinds import get_kind
from documents.markup import document_html
from documents.operations import plain_content


def check_printable(kind: str, content: dict[str, Any], *, language: str) -> None:
    """Build the document and look for what the printer would refuse. Raises PrintError."""
    html = document_html(get_kind(kind), plain_content(content), language=language)
    limits.check_length(html)
    root = tinyhtml5.parse(html, namespace_html_elements=False)
    limits.check_tree(root)
    check_characters(root)
