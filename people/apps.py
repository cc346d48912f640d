from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("Konten, E-Mails, Protokoll")

    def ready(self):
        autodiscover_modules("verbs")
