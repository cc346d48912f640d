"""What press releases and editions have in common: approved, frozen, printed, published."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models import RenderJob
from lifecycle.moves import Moves
from people.models import acts_as_superuser
from programmes.models import Programme
from publications.facts import Facts
from texts.fields import CleanJSONField, LineField, PlainTextField
from workshops.models import Workshop

Row = TypeVar("Row", bound="Publication")


class PublicationQuerySet(models.QuerySet[Row]):
    def public(self):
        """What everybody may read; withdrawn ones say why."""
        return self.filter(self._is_public())

    def visible_to(self, user):
        """Those that exist for this user. Every view starts here."""
        if not user.is_authenticated:
            return self.public()
        if acts_as_superuser(user):
            return self
        return self.filter(self._is_public() | self._is_administered_by(user))

    def administered_by(self, user):
        return self.filter(self._is_administered_by(user))

    def not_withdrawn(self):
        return self.exclude(status=self.model.Status.WITHDRAWN)

    def _is_public(self) -> models.Q:
        is_public = {f"{self.model.PROGRAMME}__is_public": True}
        return models.Q(status__in=self.model.PUBLIC, **is_public)

    def _is_administered_by(self, user) -> models.Q:
        administered = Programme.objects.administered_by(user)
        return models.Q(**{f"{self.model.PROGRAMME}__in": administered})


class Publication(Moves):
    """What is approved by somebody else, frozen, printed and published.

    A kind of publication has its own `Status` with at least DRAFT, IN_APPROVAL, APPROVED,
    PUBLISHED and WITHDRAWN, and a `programme` and a `language`, as fields or as properties.
    """

    # The name of its kind of document, see publications/kinds.py.
    DOCUMENT: ClassVar[str]
    # The way to its programme in a query.
    PROGRAMME: ClassVar[str]
    Status: ClassVar[Any]
    # From the approval on, the content of the render job is what was approved.
    FROZEN: ClassVar[set[Any]]
    PUBLIC: ClassVar[Collection[Any]]
    # Replaced by another publication, which is public.
    REPLACED: ClassVar[Any]
    # What may be empty in a draft only.
    REQUIRED: ClassVar[Collection[str]] = ()

    programme: Any
    language: Any
    status: Any

    # Who asked for the approval may not give it (four eyes).
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("zur Freigabe gegeben von"),
    )
    # SHA-256 of the content that was given for approval: nothing else is approved.
    submitted_sha256 = LineField(max_length=64, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("freigegeben von"),
    )
    approved_at = models.DateTimeField(_("freigegeben am"), null=True, blank=True)
    # What the approval confirmed all the same, in the words that were read.
    approval_doubts = CleanJSONField(
        _("Bedenken bei der Freigabe"), default=list, blank=True, editable=False
    )
    approval_reason = PlainTextField(_("Begründung der Freigabe"), blank=True, editable=False)
    published_at = models.DateTimeField(_("veröffentlicht am"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("zurückgezogen am"), null=True, blank=True)
    public_note = PlainTextField(_("öffentlicher Hinweis"), blank=True)
    render_job = models.ForeignKey(
        RenderJob,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Druckauftrag"),
    )

    class Meta:
        abstract = True

    # What differs

    @property
    def day(self) -> date | None:
        """The day on which the text speaks; None before it is dated."""
        raise NotImplementedError

    @property
    def page_owner(self) -> models.Model:
        """Whose public page offers the printed file."""
        raise NotImplementedError

    @property
    def filename(self) -> str:
        raise NotImplementedError

    def print_title(self, content: Mapping[str, Any]) -> str:
        return str(self)

    def facts(self, names: Iterable[str] | None = None) -> Facts:
        """What the texts may name, as of their day; only what these names need."""
        raise NotImplementedError

    def all_blocks(self) -> models.QuerySet[Any]:
        """The blocks of the text; some show a quote or a concept."""
        raise NotImplementedError

    def hidden_workshops(self) -> models.QuerySet[Workshop]:
        """The workshops in the text that are for the group only."""
        return Workshop.objects.none()

    def fill_in(self) -> list[str]:
        """Fill in what may be open until the text is submitted; return the names of the fields."""
        return []

    def replaces(self) -> models.QuerySet[Any]:
        """What is marked as replaced as soon as this is published."""
        raise NotImplementedError

    # What does not

    @classmethod
    def before(cls, status: str) -> set[str]:
        """The statuses from which it can move to this one."""
        return {before for before, after in cls.NEXT.items() if status in after}

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_replaced(self) -> bool:
        return self.status == self.REPLACED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == self.Status.WITHDRAWN

    @property
    def is_frozen(self) -> bool:
        return self.status in self.FROZEN

    @property
    def frozen_content(self) -> dict[str, Any] | None:
        """What was approved; None before the approval. The print of a draft is not it."""
        content = self.render_job.content if self.is_frozen and self.render_job else None
        return None if content is None or content.get("is_draft") else content
