from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalAdminConfig(AdminConfig):
    """The admin, behind the second factor."""

    default_site = "people.admin_site.PortalAdminSite"


class PortalStaticFilesConfig(StaticFilesConfig):
    """Collect of KERN only what the pages use."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        # Patterns see the names below KERN's folder, without the prefix it is served under.
        "kern.css",
        "kern-grid*",
        "kern-utilities*",
        "kern-kopfzeile.js",
        "noto-sans*",
        # fira-sans.css names light to bold; the other weights are never asked for.
        "FiraSans-Book*",
        "FiraSans-E[ix]*",
        "FiraSans-Four*",
        "FiraSans-H[ae]*",
        "FiraSans-T[hw]*",
        "FiraSans-Ultra*",
        "*.scss",
    ]
