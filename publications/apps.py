from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PublicationsConfig(AppConfig):
    name = "publications"
    verbose_name = _("Presse und Leitfaden")

    def ready(self):
        autodiscover_modules("rules")
        autodiscover_modules("kinds")
