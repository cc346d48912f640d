"""The admin, which staff reach only with a second factor."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from people.doors import ask_second_factor, has_second_factor, used_second_factor
from people.kept import ShowsKeptMixin


def leave(request):
    """Lead to the portal's own log-out."""
    return redirect("account_logout")


class ChoicesView(AutocompleteJsonView):
    """What a choice offers while somebody types; the admin of these rows limits and names them."""

    def get_queryset(self):
        rows = super().get_queryset()
        if hasattr(self.model_admin, "get_choices"):
            rows = self.model_admin.get_choices(self.request, rows, self.source_field)
        return rows

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        if hasattr(self.model_admin, "describe_choice"):
            result["text"] = self.model_admin.describe_choice(self.request, obj)
        return result


class PortalAdminSite(AdminSite):
    site_header = _("MfV-Portal – Verwaltung")
    site_title = _("MfV-Portal")
    index_title = _("Verwaltung")
    enable_nav_sidebar = True

    # What these apps register shows secrets or makes second ways around our own pages.
    OTHERS = frozenset({"auth", "account", "mfa", "usersessions"})
    # The portal has its own pages for these.
    LEFT_OUT = frozenset({"view_on_site", "password_change", "password_change_done", "logout"})

    def register(self, model_or_iterable, admin_class=None, **options):
        models = model_or_iterable
        if not isinstance(models, list | tuple | set):
            models = [models]
        own = [model for model in models if model._meta.app_label not in self.OTHERS]
        if own:
            # Whatever admin it is: what was typed into its form stays.
            bases = (ShowsKeptMixin, admin_class or ModelAdmin)
            super().register(own, type(bases[1].__name__, bases, {}), **options)

    def get_urls(self):
        return [
            # Django compares the addresses of refused requests with this one.
            path("logout/", leave, name="logout"),
            path(
                "r/<int:content_type_id>/<path:object_id>/",
                self.admin_view(self.view_on_site),
                name="view_on_site",
            ),
            *(
                pattern
                for pattern in super().get_urls()
                if getattr(pattern, "name", None) not in self.LEFT_OUT
            ),
        ]

    def autocomplete_view(self, request):
        return ChoicesView.as_view(admin_site=self)(request)

    def view_on_site(self, request, content_type_id, object_id):
        """Lead to the page of a row; the stock view answers for rows of every programme."""
        content_type = get_object_or_404(ContentType, pk=content_type_id)
        model = content_type.model_class()
        if model is None or not self.is_registered(model):
            raise Http404
        model_admin = self.get_model_admin(model)
        row = model_admin.get_object(request, object_id)
        if row is None or not hasattr(row, "get_absolute_url"):
            raise Http404
        if not model_admin.has_view_permission(request, row):
            raise PermissionDenied
        return redirect(row)

    def has_permission(self, request):
        if not (request.user.is_active and request.user.is_staff):
            return False
        if not settings.STAFF_MFA_REQUIRED:
            return True
        if not hasattr(request, "_with_second_factor"):
            # A page of the admin asks several times.
            request._with_second_factor = used_second_factor(request) and has_second_factor(
                request.user
            )
        return request._with_second_factor

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Lead to the portal's own log-in, or explain what is missing."""
        target = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
            target = reverse("admin:index")
        query = urlencode({REDIRECT_FIELD_NAME: target})
        if self.has_permission(request):
            return HttpResponseRedirect(target)
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{query}")
        if not request.user.is_staff:
            return render(request, "people/no_admin.html", status=403)
        return ask_second_factor(request, query)
