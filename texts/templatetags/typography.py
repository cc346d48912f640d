"""Typography for templates."""

from django import template

from texts import typography

register = template.Library()
register.filter("tidy_text", typography.tidy_text)
register.filter("join_words", typography.join_words)
register.filter("file_size", typography.file_size)
