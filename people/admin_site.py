"""The admin, which staff reach only with a second factor."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_header = _("MfV-Portal – Verwaltung")
    site_title = _("MfV-Portal")
    index_title = _("Verwaltung")
