"""Which answer of a record each box and each blank of a paper is (`forms/documents/answers/*.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kcdesk.formdef.loading.toml_reader import Faults, TomlReader, read_toml
from kcdesk.runtime.frozen import Value, field


class BoxPlace(Value, kw_only=True):
    """A box and the value for which it stands: in which column of the paper, which box of the cell."""

    heading: str
    value: str
    number: int = 1


class AnswerColumn(Value, kw_only=True):
    """A column of the record's table: answered by `ticks` (boxes), or in the `number`-th blank below `heading`."""

    name: str
    ticks: tuple[BoxPlace, ...] = ()
    heading: str = ""
    number: int = 1


class AnswerTable(Value, kw_only=True):
    """A table of the paper, known by one of its headings, whose rows are those of a table of the record.

    `where` says which rows of the record, in order; `filled` names a column that they must have. With `across` each
    row of the paper is a column of one row of the record: the one whose `row_column` is the person on the paper.
    """

    heading: str
    name: str
    columns: tuple[AnswerColumn, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    filled: str = ""
    across: tuple[str, ...] = ()
    row_column: str = ""


class AnswerField(Value, kw_only=True):
    """A field of the record that is written by hand after a label of the paper."""

    label: str
    name: str


class PaperAnswers(Value, kw_only=True):
    """The answers of one paper."""

    tables: tuple[AnswerTable, ...] = ()
    fields: tuple[AnswerField, ...] = ()


def read_answers(folder: Path, faults: Faults) -> dict[str, PaperAnswers]:
    """The answers of each layout that is read back, by the id of the layout."""
    answers: dict[str, PaperAnswers] = {}
    for path in sorted((folder / "answers").glob("*.toml")):
        name = f"answers/{path.name}"
        table = read_toml(path, name, faults)
        built = TomlReader(name, faults).build_whole(PaperAnswers, table) if table is not None else None
        if built is not None:
            answers[path.stem] = built
    return answers
