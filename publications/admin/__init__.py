"""The lead's workplace for press releases and the guideline."""

from publications.admin import attention, guideline, press, quote

__all__ = ["attention", "guideline", "press", "quote"]
