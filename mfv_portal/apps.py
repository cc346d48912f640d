from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalAdminConfig(AdminConfig):
    """The admin, behind the second factor."""

    default_site = "people.admin_site.PortalAdminSite"


class PortalStaticFilesConfig(StaticFilesConfig):
    """Collect of KERN only what the pages use."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "kern/kern.css",
        "kern/kern-grid*",
        "kern/kern-utilities*",
        "kern/js/*",
        "kern/fonts/noto-sans*",
        "*.scss",
    ]
