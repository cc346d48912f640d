"""Django's `csrf_token`, which also says who opened the form, on which page (people.kept)."""

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from people.kept import WRITER, writer_proof

register = template.Library()


class FormTokensNode(CsrfTokenNode):
    def render(self, context):
        token = super().render(context)
        request = context.get("request")
        if not token or request is None:
            return token
        proof = format_html(
            '<input type="hidden" name="{}" value="{}">', WRITER, writer_proof(request)
        )
        return token + proof


@register.tag
def csrf_token(parser, token):
    return FormTokensNode()
