"""The admin of people and programmes, and the base of the other rooms' admins."""

from desk.actions import ObjectActionsMixin, object_action
from desk.attention import Attention, collect_attention, register_attention
from desk.versions import VersionedMixin
from programmes.admin import accounts, participation, people
from programmes.admin.base import (
    ReadOnlyMixin,
    ScopedFormSet,
    ScopedModelAdmin,
    ScopedStackedInline,
    ScopedTabularInline,
    ScopeModelAdmin,
)
from programmes.admin.programme import register_programme_inline
from programmes.admin.run import register_run_inline

__all__ = [
    "Attention",
    "ObjectActionsMixin",
    "ReadOnlyMixin",
    "ScopeModelAdmin",
    "ScopedFormSet",
    "ScopedModelAdmin",
    "ScopedStackedInline",
    "ScopedTabularInline",
    "VersionedMixin",
    "accounts",
    "collect_attention",
    "object_action",
    "participation",
    "people",
    "register_attention",
    "register_programme_inline",
    "register_run_inline",
]
