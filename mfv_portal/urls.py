"""The addresses of the portal: which room answers where."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as usersessions
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.http import require_safe

from concepts.sitemaps import ConceptListSitemap, ConceptSitemap
from home.sitemaps import HomeSitemap
from home.views import cut_off_password_link, health, robots
from programmes.sitemaps import ProgrammeListSitemap, ProgrammeSitemap, RunSitemap
from publications.sitemaps import GuidelineSitemap, PressReleaseSitemap, PublicationListSitemap

# Each app delivers its own; a sitemap lists only what everybody may see.
SITEMAPS = {
    "portal": HomeSitemap,
    "listen": ProgrammeListSitemap,
    "programme": ProgrammeSitemap,
    "durchlaeufe": RunSitemap,
    "konzeptliste": ConceptListSitemap,
    "konzepte": ConceptSitemap,
    "veroeffentlichungen": PublicationListSitemap,
    "presse": PressReleaseSitemap,
    "leitfaden": GuidelineSitemap,
}

# allauth's pages, each named by hand: what is not here does not exist. Left out are the change of
# the address (it belongs to the invitation) and its confirmation.
account_urls = [
    path("anmelden/", account.login, name="account_login"),
    path("anmelden/code/", account.request_login_code, name="account_request_login_code"),
    path("anmelden/code/eingeben/", account.confirm_login_code, name="account_confirm_login_code"),
    path("anmelden/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("anmelden/zweiter-faktor/", mfa.authenticate, name="mfa_authenticate"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("registrieren/", account.signup, name="account_signup"),
    path("bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("bestaetigen/zweiter-faktor/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "bestaetigen/passkey/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("passwort/aendern/", account.password_change, name="account_change_password"),
    path("passwort/setzen/", account.password_set, name="account_set_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path(
        "passwort/vergessen/verschickt/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passwort/neu/fertig/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "passwort/neu/<path:rest>",
        cut_off_password_link,
        name="account_reset_password_cut_off",
    ),
    path("zweiter-faktor/", mfa.index, name="mfa_index"),
    path("zweiter-faktor/app/einrichten/", totp.activate_totp, name="mfa_activate_totp"),
    path("zweiter-faktor/app/entfernen/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("zweiter-faktor/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("zweiter-faktor/passkeys/neu/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path(
        "zweiter-faktor/passkeys/<int:pk>/bearbeiten/",
        webauthn.edit_webauthn,
        name="mfa_edit_webauthn",
    ),
    path(
        "zweiter-faktor/passkeys/<int:pk>/entfernen/",
        webauthn.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path(
        "zweiter-faktor/notfallcodes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "zweiter-faktor/notfallcodes/neu/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "zweiter-faktor/notfallcodes/datei/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("sitzungen/", usersessions.list_usersessions, name="usersessions_list"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", require_safe(sitemaps.index), {"sitemaps": SITEMAPS}, name="sitemap_index"),
    path(
        "sitemap-<section>.xml",
        require_safe(sitemaps.sitemap),
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
]
urlpatterns += i18n_patterns(
    path("", include("home.urls")),
    path("", include("programmes.urls")),
    path("", include("workshops.urls")),
    path("", include("concepts.urls")),
    path("", include("publications.urls")),
    path("", include("people.urls")),
    path("", include("texts.urls")),
    path("konto/", include(account_urls)),
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
