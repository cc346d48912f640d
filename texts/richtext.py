"""Rich text: one allow-list for the editor, the database, the web and the PDF."""

import re
from html import unescape

import nh3
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget, ProseEditorWidget

from texts.cleaning import clean_html, clean_line
from texts.pasting import is_foreign, tidy_pasted, without_comments
from texts.plain import from_plain, to_plain

TAGS = frozenset(
    {"p", "br", "hr", "strong", "em", "sub", "sup", "h3", "h4", "ul", "ol", "li", "blockquote"}
    | {"a", "table", "tbody", "tr", "th", "td"}
)
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
SCHEMES = frozenset({"http", "https", "mailto"})
ADDRESS = re.compile(r"(?:https?://|mailto:)[^/\s]", re.IGNORECASE)
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "HorizontalRule": True,
    "Link": {"enableTarget": False, "protocols": sorted(SCHEMES)},
    "Subscript": True,
    "Superscript": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "NoSpellCheck": False,
}
# Larger spans only serve to make a table that no printer can lay out.
MAX_SPAN = 20
MAX_LENGTH = 200_000  # characters
# Parsing HTML takes the square of the depth: 10,000 lists in each other cost 10 s.
MAX_DEPTH = 30
# Ends the name of the field with the plain text.
PLAIN = "-plain"
VOID = frozenset({"br", "hr", "img"})
# A tag in its plainest form, or else anything that HTML might take for the beginning of markup.
TAG = re.compile(
    r"""<(?:(?P<close>/)?(?P<name>[a-zA-Z][a-zA-Z0-9]*+)"""
    r"""(?:[ \t\r\n\f]++[^\s"'<>=/]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`]++))?+)*+"""
    r"""[ \t\r\n\f]*+/?>|[a-zA-Z/!?])"""
)


class TextRefused(ValidationError):
    """The text would cost more to clean than a text may; the message says why."""


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        # The schemes alone let addresses without one through, //evil.example among them.
        return value if ADDRESS.match(value) else None
    if attribute in {"colspan", "rowspan"}:
        return value if value.isascii() and value.isdigit() and int(value) <= MAX_SPAN else None
    return None


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    url_schemes=set(SCHEMES),
    attribute_filter=_filter_attribute,
    # Stored text is what people wrote; Referrer-Policy guards the links.
    link_rel=None,
    clean_content_tags={"script", "style"},
)


def check_rich_text(html: str) -> None:
    """Raises TextRefused for what is too long or nested too deeply, without parsing it.

    Whatever is not a plain tag, comments too, counts as an element that nobody closes, and an end
    tag closes only the element that was opened last: so a parser never nests far beyond the count.
    """
    if len(html) > MAX_LENGTH:
        raise TextRefused(
            _("Der Text ist zu lang: Möglich sind %(limit)s Zeichen, die Auszeichnung mitgezählt."),
            "too_long",
            {"limit": f"{MAX_LENGTH:_}".replace("_", ".")},
        )
    strange = 0
    open_elements: list[str] = []
    for tag in TAG.finditer(html):
        name = (tag["name"] or "").lower()
        if not name:
            strange += 1
        elif not tag["close"] and name not in VOID:
            open_elements.append(name)
        elif open_elements and open_elements[-1] == name:
            open_elements.pop()
        if strange + len(open_elements) > MAX_DEPTH:
            raise TextRefused(
                _(
                    "Der Text ist zu tief verschachtelt: Listen, Tabellen und Auszeichnungen "
                    "stehen höchstens %(limit)s Ebenen tief ineinander, und jede wird geschlossen."
                ),
                "too_deep",
                {"limit": MAX_DEPTH},
            )


def clean_rich_text(html: str) -> str:
    """Return the part of the HTML that the allow-list knows; empty markup becomes "".

    Raises TextRefused.
    """
    html = without_comments(clean_html(html))
    check_rich_text(html)
    if is_foreign(html, TAGS):
        html = tidy_pasted(html)
    # References like &#11; have become characters now.
    clean = clean_html(_cleaner.clean(html)).strip()
    if clean != html:
        # What is clean stays clean: it passes here again whenever it is read or saved.
        check_rich_text(clean)
    has_content = clean_line(unescape(strip_tags(clean))) or "<hr" in clean
    return clean if has_content else ""


class PlainTextMixin:
    """An editor that is a field of plain text where no script runs.

    The rich text is sent along unseen; what was not touched in the plain text keeps its form.
    """

    template_name = "documents/rich_text.html"
    label: str | Promise = ""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)  # type: ignore[misc]
        try:
            plain = to_plain(clean_rich_text(value or ""))
        except TextRefused:
            plain = value or ""
        context["widget"]["plain"] = {
            "name": f"{name}{PLAIN}",
            "value": plain,
            "label": self.label or _("Text"),
        }
        return context

    def value_from_datadict(self, data, files, name):
        html = super().value_from_datadict(data, files, name)  # type: ignore[misc]
        plain = data.get(f"{name}{PLAIN}")
        return html if plain is None else from_plain(plain, html or "")


class RichTextWidget(PlainTextMixin, ProseEditorWidget):
    pass


class AdminRichTextWidget(PlainTextMixin, AdminProseEditorWidget):
    pass


class RichTextFormField(ProseEditorFormField):
    """The field of a form for rich text, on the portal's pages and in the admin."""

    def __init__(self, *args, **kwargs):
        given = kwargs.get("widget")
        kind = given if isinstance(given, type) else type(given)
        is_admins = issubclass(kind, AdminTextareaWidget)
        kwargs["widget"] = AdminRichTextWidget if is_admins else RichTextWidget
        super().__init__(*args, **kwargs)

    def get_bound_field(self, form, field_name):
        bound = super().get_bound_field(form, field_name)
        self.widget.label = bound.label
        return bound


class RichTextField(ProseEditorField):
    """A text with paragraphs, lists, tables and links, stored as clean HTML."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("extensions", EXTENSIONS)
        kwargs.setdefault("sanitize", clean_rich_text)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value):
        """Clean on the way into the database too: forms are not the only door."""
        value = super().get_prep_value(value)
        return clean_rich_text(value) if isinstance(value, str) else value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": RichTextFormField, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = models.TextField.deconstruct(self)
        return name, "django.db.models.TextField", args, kwargs
