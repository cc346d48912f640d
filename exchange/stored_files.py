"""The contents of files that an import puts into the storage, or no longer needs there."""

from typing import Any

from django.core.files.base import ContentFile

from exchange.content import Instance


class StoredFiles:
    """Keeps book of the storage, which no transaction undoes; a trial run stores nothing."""

    def __init__(self, *, is_trial: bool):
        self.is_trial = is_trial
        self.added: list[tuple[Any, str]] = []
        self.replaced: list[tuple[Any, str]] = []

    def keep(self, instance: Instance, field: str, content: bytes) -> None:
        """Store the content under a new name; save the instance afterwards."""
        stored = getattr(instance, field)
        if stored.name:
            self.drop(instance, field)
        if self.is_trial:
            setattr(instance, field, "attachments/trial")
        else:
            stored.save(instance.name, ContentFile(content), save=False)
            self.added.append((stored.storage, stored.name))

    def drop(self, instance: Instance, field: str) -> None:
        stored = getattr(instance, field)
        self.replaced.append((stored.storage, stored.name))

    def tidy(self, *, is_done: bool) -> None:
        """Delete the files that nothing names any more."""
        for storage, name in self.replaced if is_done else self.added:
            storage.delete(name)
