from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from documents.checks import check_kinds


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Druck")

    def ready(self):
        register(check_kinds)
