"""The three kinds of error: a mistake of the user, a fault of the environment, a bug of the program.

`UserError` and `KnownError` carry a Vietnamese sentence and a hint what to do next; the command line shows them with
exit code 1. Every other exception is a bug and reaches the crash dialog.
"""

from __future__ import annotations

from kcdesk.runtime.frozen import Value


class Problem(Value):
    """One fault of a record, and where it is put right.

    `field` is the path of the faulty field, "" for none. Other places: `record` is the id of another dossier to open,
    at its field `there` if one is named, `make` the kind of dossier to begin from this one, with values `begun_with`.
    """

    field: str
    message: str
    record: str = ""
    make: str = ""
    advice: bool = False  # should be there, but prevents no step
    there: str = ""
    begun_with: tuple[tuple[str, str | int], ...] = ()  # field and stored value


class KcdeskError(Exception):
    """Base class of the errors that are shown to the user as a sentence."""

    def __init__(self, message: str, *, code: str, hint: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.field = field

    def sentence(self) -> str:
        """The message followed by the hint."""
        return f"{self.message} {self.hint}".strip()


class UserError(KcdeskError):
    """Input or an act that the program refuses; `field` names the field, if the error belongs to a field."""


class IncompleteError(UserError):
    """The record cannot be made final yet; `problems` lists everything that is missing or wrong."""

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
    """A fault of the environment (disk full, file open in Excel, USB stick removed); trying again may help."""
