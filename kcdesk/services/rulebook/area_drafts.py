"""Lists of priority areas as a province enters them: communes typed or read from Excel, made into a file of rules.

The result is the TOML of `forms/areas/`. A new list ends the one before it on the day before its first day; one with
the same first day takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import tomlkit

from kcdesk import text
from kcdesk.addresses import REFORM
from kcdesk.errors import UserError
from kcdesk.formdef.places import Places
from kcdesk.formdef.regulations.areas import FOLDER, AreaList, area_kinds, is_of_province
from kcdesk.runtime.frozen import Value
from kcdesk.services.rulebook import trial
from kcdesk.services.rulebook.rule_documents import edited_document
from kcdesk.services.workspace import Workspace

MOST_ROWS = 20_000
_FIRST_ROWS = 10  # among which the headings stand
_COMMUNE_HEAD = re.compile(r"(ten |ma )?(xa|don vi hanh chinh|dia phuong|commune)(\W.*phuong.*)?")
_KIND_HEAD = re.compile(r"(loai |muc |thuoc )?(dia ban|loai|muc|kind)( uu tien| kho khan)?|phan loai|khu vuc")


class AreaRow(Value, kw_only=True):
    """A commune of the list; `problem` says why it is refused, then its code or kind may be ""."""

    number: int
    commune: str  # as it was given
    area: str
    code: str = ""
    kind: str = ""
    name: str = ""  # of the catalogue
    problem: str = ""


class AreaDraft(Value, kw_only=True):
    """A list to be signed: decision of the province, days, the kinds that it decides about, its communes."""

    document: str
    first: date
    last: date | None = None
    covers: tuple[str, ...] = ()
    rows: tuple[AreaRow, ...] = ()


def rows_in_file(workspace: Workspace, path: Path, first: date) -> list[AreaRow]:
    """Read the rows of a workbook; UserError `bad_file` for what is none."""
    from kcdesk.exchange.workbook import plain_tables  # openpyxl takes 150 ms

    return rows_of(workspace, plain_tables.table_in(path), first)


def rows_of(workspace: Workspace, cells: Sequence[Sequence[str]], first: date) -> list[AreaRow]:
    """Read the rows of a table: a commune by name or code, and a kind of area, as they were on the day `first`.

    A row of headings may stand above; without it the first column is the commune, the second the kind.
    """
    filled = [(number, row) for number, row in enumerate(cells, start=1) if any(cell.strip() for cell in row)]
    if len(filled) > MOST_ROWS:
        raise UserError(f"Bảng có hơn {text.format_integer(MOST_ROWS)} dòng.", code="too_many")
    columns, filled = _columns(filled)
    reader = _Reader(workspace, first)
    rows: list[AreaRow] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in filled:
        read = reader.row(number, *(row[place].strip() if place < len(row) else "" for place in columns))
        key = (read.code, read.kind)
        if not read.problem and key in seen:
            read = _refused(read, f"trùng dòng {seen[key]}")
        seen.setdefault(key, number)
        rows.append(read)
    return rows


def _refused(row: AreaRow, problem: str) -> AreaRow:
    return AreaRow(number=row.number, commune=row.commune, area=row.area, name=row.name, problem=problem)


def present_draft(workspace: Workspace) -> AreaDraft | None:
    """The newest list of this province that is in force or still to come, to be corrected; None without one."""
    province = workspace.identity.unit.province
    lists = [entry for owner in workspace.areas if owner.province == province for entry in owner.lists]
    if not lists:
        return None
    newest = max(lists, key=lambda entry: entry.effective_from)
    return AreaDraft(
        document=newest.source,
        first=newest.effective_from,
        last=newest.effective_to,
        covers=newest.covers,
        rows=tuple(_present_rows(workspace, newest)),
    )


def area_file(workspace: Workspace, draft: AreaDraft) -> dict[str, str]:
    """The file of rules with the list over those in force, {name: TOML}; nothing is written.

    UserError for a list that lacks something or has refused rows, and for days that contradict another list.
    """
    _refuse_gaps(draft)
    name, document = _document(workspace)
    put_list(document, draft)
    files = {f"{FOLDER}/{name}": tomlkit.dumps(document)}
    with trial.workspace_with(workspace, files) as would_be:
        _ = would_be.areas  # refuses what cannot be
    return files


# -- rows --------------------------------------------------------------------------------------------------------------


def _columns(filled: list[tuple[int, Sequence[str]]]) -> tuple[tuple[int, int], list[tuple[int, Sequence[str]]]]:
    """Which columns hold the commune and the kind, and the rows below the headings."""
    for place, (_number, row) in enumerate(islice(filled, _FIRST_ROWS)):
        heads = [text.fold(cell) for cell in row]
        commune = next((n for n, head in enumerate(heads) if _COMMUNE_HEAD.fullmatch(head)), None)
        kind = next((n for n, head in enumerate(heads) if _KIND_HEAD.fullmatch(head)), None)
        if commune is not None and kind is not None:
            return (commune, kind), filled[place + 1 :]
    return (0, 1), filled


class _Reader:
    """Reads communes and kinds as they were at the beginning of a list."""

    def __init__(self, workspace: Workspace, first: date) -> None:
        self.places: Places = workspace.places
        self.province = workspace.identity.unit.province
        self.first, self.is_older = first, first < REFORM
        self.by_words = {
            text.fold(word): choice
            for choice in area_kinds(workspace.forms)
            for word in (choice.label, choice.short, choice.value)
        }

    def row(self, number: int, commune: str, area: str) -> AreaRow:
        """One row, with what is wrong in it."""
        code, wrong = self._code(commune)
        kind = self._kind(area)
        name = self._name(code) if code else ""
        problems = [wrong, "" if kind else f"không rõ địa bàn «{area}»" if area else "chưa ghi địa bàn"]
        problem = "; ".join(filter(None, problems))
        return AreaRow(number=number, commune=commune, area=area, code=code, kind=kind, name=name, problem=problem)

    def _code(self, written: str) -> tuple[str, str]:
        """The code of a commune, and why there is none."""
        if not written:
            return "", "chưa ghi xã, phường"
        codes = {written.zfill(5)} if re.fullmatch(r"[0-9]{1,5}", written) else set(self._named(written))
        codes = {code for code in codes if is_of_province(self.places, code, self.province, self.first)}
        if len(codes) == 1:
            return codes.pop(), ""
        if codes:
            return "", f"có {len(codes)} nơi tên «{written}»: hãy ghi mã hoặc thêm huyện"
        return "", f"tỉnh không có xã, phường «{written}» vào ngày danh mục có hiệu lực"

    def _named(self, written: str) -> Iterator[str]:
        for match in self.places.named(written):
            if self.is_older and match.old_commune:
                yield match.old_commune
            elif not self.is_older and not match.old_commune:
                yield match.commune

    def _kind(self, written: str) -> str:
        choice = self.by_words.get(text.fold(written))
        if choice is None:  # «Xã đặc biệt khó khăn»: the longest name that has these words
            words = text.fold(written).removeprefix("xa ").removeprefix("dia ban ").strip()
            near = [entry for label, entry in self.by_words.items() if words and label.endswith(words)]
            choice = min(near, key=lambda entry: len(entry.label), default=None)
        return choice.value if choice else ""

    def _name(self, code: str) -> str:
        places = self.places
        return places.old(code).address if self.is_older else places.commune(code).address


def _present_rows(workspace: Workspace, entry: AreaList) -> Iterator[AreaRow]:
    reader = _Reader(workspace, entry.effective_from)
    pairs = ((code, area.kind) for area in entry.areas for code in area.communes)
    for number, (code, kind) in enumerate(pairs, start=1):
        yield reader.row(number, code, kind)


# -- the file ----------------------------------------------------------------------------------------------------------


def _refuse_gaps(draft: AreaDraft) -> None:
    refused = [row for row in draft.rows if row.problem]
    if refused:
        first = refused[0]
        raise UserError(
            f"Còn {len(refused)} dòng chưa nhận được. Dòng {first.number}: {first.problem}.",
            code="bad_rows",
            hint="Hãy sửa trong Excel rồi nhập lại, hoặc bỏ các dòng ấy.",
        )
    if not draft.rows:
        raise UserError("Danh mục chưa có xã, phường nào.", code="nothing_entered")
    if not draft.document.strip():
        raise UserError("Chưa ghi văn bản công bố danh mục: số, ngày, cơ quan.", code="bad_list", field="document")
    if draft.last is not None and draft.last < draft.first:
        raise UserError("Ngày hết hiệu lực trước ngày có hiệu lực.", code="bad_list", field="last")
    missing = {row.kind for row in draft.rows} - set(draft.covers)
    if missing:
        raise UserError(
            "Danh mục có xã thuộc địa bàn chưa chọn ở «Danh mục xác định».", code="bad_list", field="covers"
        )


def _document(workspace: Workspace) -> tuple[str, tomlkit.TOMLDocument]:
    """The file of this province in force, or a new one; and its name."""
    province = workspace.identity.unit.province
    name = workspace.places.province_name(province) or province
    keys = {"province": province, "label": f"Địa bàn ưu tiên {text.lower_first(name)}"}
    return edited_document(workspace, FOLDER, keys, f"Priority areas of {name} by commune", name)


def put_list(document: tomlkit.TOMLDocument, draft: AreaDraft) -> None:
    """Add the list, in place of one with the same first day; end the older lists of the same kinds before it."""
    lists = document.setdefault("list", tomlkit.aot())
    same = [place for place, entry in enumerate(lists) if _shares(entry, draft) and _first(entry) == draft.first]
    for place in reversed(same):
        del lists[place]
    for entry in lists:
        if not _shares(entry, draft):
            continue
        if _first(entry) > draft.first:
            raise UserError(
                f"Danh mục {entry['source']} áp dụng từ ngày {text.format_date(_first(entry))}, sau ngày đang nhập.",
                code="list_overlaps",
                hint="Hãy ghi ngày áp dụng sau ngày đó.",
                field="first",
            )
        last, day_before = entry.get("effective_to"), draft.first - timedelta(days=1)
        if last is None or last > day_before:
            entry["effective_to"] = day_before
    lists.append(_list(draft))


def _shares(entry: Mapping[str, Any], draft: AreaDraft) -> bool:
    return bool(set(entry.get("covers", ())) & set(draft.covers))


def _first(entry: Mapping[str, Any]) -> date:
    day = entry["effective_from"]
    return date(day.year, day.month, day.day)


def _list(draft: AreaDraft) -> Any:
    entry = tomlkit.table()
    entry["effective_from"] = draft.first
    if draft.last is not None:
        entry["effective_to"] = draft.last
    entry["source"] = draft.document.strip()
    entry["covers"] = list(draft.covers)
    areas = tomlkit.aot()
    for kind in draft.covers:
        if codes := sorted({row.code for row in draft.rows if row.kind == kind}):
            areas.append(_area(kind, codes))
    entry["area"] = areas
    return entry


def _area(kind: str, codes: Iterable[str]) -> Any:
    area = tomlkit.table()
    area["kind"] = kind
    area["communes"] = list(codes)
    return area
