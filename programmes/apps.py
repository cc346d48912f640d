from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = _("Programme und Menschen")

    def ready(self):
        autodiscover_modules("checks")
        autodiscover_modules("rules")
        autodiscover_modules("matters")
        autodiscover_modules("replies")
        autodiscover_modules("footer")
