"""Generated spreadsheets through the whole way in, without writing: every value is the one from which it was written.

python -m tests.services.intake.generated [--sheets 300] [--seed 1]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.sheet_loading import LoadedSheet, prepare_load
from kcdesk.services.maintenance import opening
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.matching.targets import Target
from tests.services.intake import made_sheets, sheet_files
from tests.services.intake.made_sheets import MadeSheet, Trade
from tests.services.intake.made_trades import TRADES
from tests.services.intake.written_cells import Doubt, Written

Record = Mapping[str, Written]  # by field


def differences(workspace: Workspace, seed: int, folder: Path) -> Iterator[str]:
    """What is wrong about the sheet of a seed, in one of the formats."""
    sheet = made_sheets.made(seed)
    names = sheet_files.IN_OLD_CODE if sheet.letters else tuple(sheet_files.FORMATS)
    name = names[seed % len(names)]
    path = folder / f"bang-{seed}.{name.split(' ')[0]}"
    path.write_bytes(sheet_files.FORMATS[name](sheet))
    loaded = prepare_load(workspace, LoadOrder(kind=sheet.kind, path=path))
    yield from (f"seed {seed} ({name}, {sheet.letters or 'Unicode'}): {words}" for words in _wrong(sheet, loaded))


def cell_differences(workspace: Workspace, seed: int, folder: Path, trade: Trade) -> Iterator[str]:
    """What any cell of the sheet of a seed, in one of the formats, was read as that it is not."""
    sheet = made_sheets.made(seed, trade)
    names = sheet_files.IN_OLD_CODE if sheet.letters else tuple(sheet_files.FORMATS)
    name = names[seed % len(names)]
    path = folder / f"{trade.kind}-{seed}.{name.split(' ')[0]}"
    path.write_bytes(sheet_files.FORMATS[name](sheet))
    loaded = prepare_load(workspace, LoadOrder(kind=sheet.kind, path=path))
    wrong = [*_wrong_rows(sheet, loaded)] or [*_wrong_columns(sheet, loaded), *_wrong_cells(workspace, sheet, loaded)]
    yield from (f"{trade.kind} {seed} ({name}, {sheet.letters or 'Unicode'}): {words}" for words in wrong)


def _wrong_cells(workspace: Workspace, sheet: MadeSheet, loaded: LoadedSheet) -> Iterator[str]:
    """A right value is read, asked about or refused; a doubtful one is not read for sure."""
    for number, record in sheet.records.items():
        read = {_path(cell.target): cell for cell in loaded.whole_row(workspace.forms, number).cells if cell.target}
        for name in filter(None, sheet.fields):
            cell, written = read.get(name), record[name]
            value = cell.reading.value if cell and not cell.is_asked else None
            is_open = cell is not None and (cell.is_asked or cell.is_refused)
            if written.right is Doubt.UNCLEAR and not is_open:
                yield f"row {number} {name} {written.cell!r}: {value!r} without a question"
            elif written.right is not Doubt.UNCLEAR and not is_open and not _is_same(name, value, written.right):
                yield f"row {number} {name} {written.cell!r}: {value!r} instead of {written.right!r}"


def _path(target: Target | None) -> str:
    """The path of a target; a reference alone stands for what the record that it names is called."""
    if target is None or target.path not in ("proposal.title", "beneficiary.name", "beneficiaries.name"):
        return target.path if target else ""
    return target.path.partition(".")[0]


def _is_same(field: str, value: Any, right: Any) -> bool:
    if field == "place":
        return isinstance(value, dict) and value["commune"] == right
    if isinstance(right, str) and isinstance(value, str):  # capitals with accents cannot be told in the old codes
        return " ".join(value.split()).casefold() == right.casefold()
    return type(value) is type(right) and bool(value == right)


def _wrong_rows(sheet: MadeSheet, loaded: LoadedSheet) -> Iterator[str]:
    found = [row for block in loaded.layout.blocks for row in block.rows]
    if found != sheet.headings:
        yield f"headings {found} instead of {sheet.headings}"
    elif {row.number for row in loaded.rows} != sheet.records.keys():
        yield f"rows {sorted({row.number for row in loaded.rows} ^ sheet.records.keys())} are taken or left wrongly"


def _wrong(sheet: MadeSheet, loaded: LoadedSheet) -> list[str]:
    if rows := [*_wrong_rows(sheet, loaded)]:
        return rows
    return [*_wrong_columns(sheet, loaded), *_wrong_values(sheet, loaded), *_wrong_questions(sheet, loaded)]


def _wrong_columns(sheet: MadeSheet, loaded: LoadedSheet) -> Iterator[str]:
    for each in loaded.match.columns:
        wanted, given = sheet.fields[each.column.number - 1], _path(each.target)
        if given != wanted:
            yield f"column «{each.column.heading}» is {given!r} instead of {wanted!r}"


def _wrong_values(sheet: MadeSheet, loaded: LoadedSheet) -> Iterator[str]:
    by_row = {number: plan.fields for plan in loaded.judged.plans.values() for number in plan.rows}
    for number, record in sheet.records.items():
        fields = by_row.get(number, {})
        for name, written in record.items():
            if name in sheet.fields and not _is_right(name, fields.get(name), written, record):
                yield f"row {number} {name} {written.cell!r}: {fields.get(name)!r} instead of {written.right!r}"
            if written.note and written.note not in "".join(filter(str.isdigit, str(fields.get("note", "")))):
                yield f"row {number} {written.cell!r}: the note is {fields.get('note')!r}"
            if written.phone and "phone" not in record and fields.get("phone") != written.phone:
                yield f"row {number} {written.cell!r}: the telephone is {fields.get('phone')!r}"


def _wrong_questions(sheet: MadeSheet, loaded: LoadedSheet) -> Iterator[str]:
    wanted = {
        f"{get_column_letter(column)}{number}"
        for number, record in sheet.records.items()
        for column, name in enumerate(sheet.fields, 1)
        if name and record[name].right is Doubt.UNCLEAR
    }
    given = {each.cell for each in (*loaded.judged.refused, *loaded.judged.asked) if ":" not in each.cell}
    if given != wanted:
        yield f"asked or refused besides: {sorted(given - wanted)}; not: {sorted(wanted - given)}"


def _is_filled_elsewhere(field: str, record: Record) -> bool:
    """Whether another cell of the row says the same field: the name its legal form, a person his telephone."""
    return field == "phone" and any(written.phone for written in record.values())


def _is_right(field: str, value: Any, written: Written, record: Record) -> bool:
    right = None if written.right is Doubt.UNCLEAR else written.right
    if right is None:
        return value is None or _is_filled_elsewhere(field, record)
    if field == "place":
        return isinstance(value, dict) and value["commune"] == right
    if field == "name" and isinstance(value, str):  # capitals with accents cannot be told in the old codes
        return value.casefold() == str(right).casefold()
    return type(value) is type(right) and bool(value == right)


def _store(folder: Path) -> Workspace:
    answers = opening.NewStore(
        unit="Đơn vị", code="DV", level="lower", province="Đồng Tháp", parent="Sở", officer="Mẫu", practice=True
    )
    return opening.create_workspace(folder / "store", answers)[0]


def main(arguments: list[str]) -> int:
    """Try many sheets and print what is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        workspace = _store(Path(name))
        for seed in range(options.seed, options.seed + options.sheets):
            others = (cell_differences(workspace, seed, Path(name), trade) for trade in TRADES)
            for words in chain(differences(workspace, seed, Path(name)), *others):
                wrong += 1
                sys.stdout.write(f"{words}\n")
        workspace.close()
    sys.stdout.write(f"{options.sheets} sheets, {wrong} differences\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
