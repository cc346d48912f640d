"""The toolbox is tried with the pages of programmes."""

from tests.programmes.conftest import lead, programme

__all__ = ["lead", "programme"]
