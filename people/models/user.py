"""The account: e-mail as log-in, rules before superuser rights."""

import rules
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from texts.fields import LineField, MailAddressField


class UserManager(BaseUserManager["User"]):
    """Makes accounts; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Who the person is in a programme stands in Person."""

    RIGHTS = (
        "is_active",
        "is_staff",
        "may_found_programmes",
        "may_keep_legal_pages",
        "is_superuser",
    )

    belongs_to = None

    email = MailAddressField(
        _("E-Mail-Adresse"),
        unique=True,
        error_messages={"unique": _("Mit dieser Adresse gibt es schon ein Konto.")},
    )
    language = LineField(_("Sprache"), max_length=5, choices=settings.LANGUAGES, default="de")
    is_staff = models.BooleanField(
        _("darf in die Verwaltung"),
        default=False,
        help_text=_("Projektleitung und Redaktion. Verlangt einen zweiten Faktor."),
    )
    may_found_programmes = models.BooleanField(
        _("darf Programme anlegen"),
        default=False,
        help_text=_("Wer ein Programm anlegt, leitet es."),
    )
    may_keep_legal_pages = models.BooleanField(
        _("pflegt die rechtlichen Seiten"),
        default=False,
        help_text=_(
            "Wer das Portal betreibt: Impressum, Datenschutz und Barrierefreiheit gelten für "
            "alle Programme."
        ),
    )
    is_active = models.BooleanField(
        _("aktiv"),
        default=True,
        help_text=_("Statt ein Konto zu löschen, nehmen Sie hier den Haken heraus."),
    )
    date_joined = models.DateTimeField(_("angelegt am"), default=timezone.now)

    # Set for a request whose session has not seen the second factor (people.doors).
    is_unconfirmed = False

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
        constraints = [
            models.CheckConstraint(
                name="user_email_lower_case", condition=models.Q(email=Lower("email"))
            )
        ]

    def __str__(self):
        return self.email

    def clean(self):
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def acts_as_staff(self) -> bool:
        """Whether the account has its rights here and now: staff need their second factor."""
        return self.is_staff and not self.is_unconfirmed

    def has_perm(self, perm, obj=None):
        """With an object the rules alone decide, for superusers too (architecture.md §6)."""
        if obj is None:
            return super().has_perm(perm)
        return self.is_active and rules.has_perm(perm, self, obj)

    def has_module_perms(self, app_label):
        return self.is_active and self.is_staff


def acts_as_superuser(user) -> bool:
    """Whether this user, anonymous or not, sees every row here and now."""
    return user.is_authenticated and user.is_superuser and user.acts_as_staff
