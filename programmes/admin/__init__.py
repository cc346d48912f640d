"""The admin of people and programmes, and the base of the other rooms' admins."""

from programmes.admin import accounts, participation, people, programme, run
from programmes.admin.base import (
    ReadOnlyMixin,
    ScopedFormSet,
    ScopedModelAdmin,
    ScopedStackedInline,
    ScopedTabularInline,
)
from programmes.admin.run import register_run_inline

__all__ = [
    "ReadOnlyMixin",
    "ScopedFormSet",
    "ScopedModelAdmin",
    "ScopedStackedInline",
    "ScopedTabularInline",
    "accounts",
    "participation",
    "people",
    "programme",
    "register_run_inline",
    "run",
]
