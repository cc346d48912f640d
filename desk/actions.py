"""How an admin declares a button: what it says, who sees it, and what is asked before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.functional import Promise

Text = str | Promise


def always(obj: Model) -> bool:
    return True


def nothing_against(obj: Model, user: Any) -> Text:
    return ""


def nothing_to_say(obj: Model) -> Text:
    return ""


@dataclass(frozen=True)
class ObjectAction:
    """What a button says, and when it is there."""

    name: str
    label: Text
    permission: str
    done: Text
    shown: Callable[[Any], bool]
    why_not: Callable[[Any, Any], Text]
    question: Text
    form_class: type[forms.Form] | None
    is_destructive: bool
    is_for_many: bool
    preview: str
    matters: str
    left_out: Callable[[Any], Text]
    effect: Callable[[Any], Text]
    method: Callable[..., Any] = field(repr=False)

    @property
    def asks_first(self) -> bool:
        return bool(
            self.question or self.form_class or self.is_destructive or self.preview or self.matters
        )


def object_action(
    label: Text,
    *,
    permission: str,
    done: Text = "",
    shown: Callable[[Any], bool] = always,
    why_not: Callable[[Any, Any], Text] = nothing_against,
    question: Text = "",
    form_class: type[forms.Form] | None = None,
    is_destructive: bool = False,
    is_for_many: bool = False,
    preview: str = "",
    matters: str = "",
    left_out: Callable[[Any], Text] = nothing_to_say,
    effect: Callable[[Any], Text] = nothing_to_say,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a method `(self, request, obj)` of an admin a button on the object's page.

    permission: asked with the object; without it the button is not there.
    done: the message afterwards; the method may return another, or a response.
    shown: whether the object's state knows this step. why_not: why it cannot be done yet; the
    button then stands there switched off, with this sentence.
    question: asked on a page of its own before anything happens. form_class: a form on that page;
    the method then takes `data`, the cleaned data, as a third argument. A form with a method
    `limit_to(obj)` gets the object first, to limit its choices; `form.user` is who asks.
    is_for_many: also an action of the list. preview: name of a method `(self, request, obj)` that
    returns a text shown before, for example a mail. matters: name of a method like it that returns
    what is still open, see programmes.matters.
    left_out: why a row stays as it is when many are chosen, also where the button itself would do
    it. effect: what happens to a row of many.
    """

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        method.object_action = ObjectAction(  # type: ignore[attr-defined]
            name=method.__name__,
            label=label,
            permission=permission,
            done=done,
            shown=shown,
            why_not=why_not,
            question=question,
            form_class=form_class,
            is_destructive=is_destructive,
            is_for_many=is_for_many,
            preview=preview,
            matters=matters,
            left_out=left_out,
            effect=effect,
            method=method,
        )
        return method

    return decorate
