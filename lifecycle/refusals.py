"""Why something that was asked for does not happen, in a sentence for the person who asked."""

from django.utils.functional import Promise


class Refusal(Exception):
    """Nothing was done; `str()` is the sentence that says why, in the language of the reader.

    A class has its sentence, in which `details` are filled in. Where the same reason reads
    differently, the place that raises it gives its own sentence.
    """

    sentence: str | Promise = ""

    def __init__(self, sentence: str | Promise | None = None, **details: object):
        super().__init__()
        if sentence is not None:
            self.sentence = sentence
        self.details = details

    def __str__(self) -> str:
        return str(self.sentence) % self.details if self.details else str(self.sentence)
