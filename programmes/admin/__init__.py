"""The admin of people and programmes, and the base of the other rooms' admins."""

from programmes.admin import accounts, participation, people
from programmes.admin.actions import ObjectActionsMixin, object_action
from programmes.admin.attention import Attention, collect_attention, register_attention
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
from programmes.admin.versions import VersionedMixin

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
