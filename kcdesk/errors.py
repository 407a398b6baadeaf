"""The three kinds of error: the user's, the environment's, ours.

`UserError` and `KnownError` carry a Vietnamese sentence and what to do next; everything else is a bug and
reaches the crash dialog. The command line shows both with exit code 1.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one field of one record; `field` is its path, `""` for the whole record."""

    field: str
    message: str


class KcdeskError(Exception):
    """Base of the errors that are shown as a sentence."""

    def __init__(self, message: str, *, code: str, hint: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.field = field

    def sentence(self) -> str:
        """The message and, after it, what to do."""
        return f"{self.message} {self.hint}".strip()


class UserError(KcdeskError):
    """Input or an act that the program refuses; `field` names the field where there is one."""


class IncompleteError(UserError):
    """A record that cannot be made final yet; `problems` lists everything that is missing or wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        first = problems[0]
        super().__init__(
            f"Hồ sơ còn {len(problems)} điểm chưa đủ; trước hết: {first.message}",
            code="incomplete",
            hint="Hãy bổ sung rồi làm lại bước này.",
            field=first.field,
        )
        self.problems = problems


class KnownError(KcdeskError):
    """The environment's fault (disk full, file open in Excel, stick removed); trying again may help."""


def as_problems(*sentences: str) -> list[Problem]:
    """Make a problem of no particular field of each sentence; empty ones are left out."""
    return [Problem("", sentence) for sentence in sentences if sentence]
