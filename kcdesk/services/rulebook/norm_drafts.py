"""Norms of support as an office enters them: figures, resolution, days and worked examples, made into a file of rules.

The result is the same TOML as in `forms/norms/`. A new figure ends the one before it on the day before its first day.
The programme and the territory are data, so that norms of the nation are entered in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

import tomlkit
from tomlkit.items import AoT, Table

from kcdesk import text
from kcdesk.bounded.json_text import parsed
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.regulations.ceilings import CeilingQuery, ceiling
from kcdesk.formdef.regulations.norms import Norms
from kcdesk.runtime.frozen import Value
from kcdesk.services.law import own_file
from kcdesk.services.rulebook import trial
from kcdesk.services.rulebook.drafts.periods import end_before
from kcdesk.services.rulebook.drafts.typed_sources import problems_of_source
from kcdesk.services.rulebook.rule_documents import edited_document
from kcdesk.services.workspace import Workspace

FOLDER = "norms"
_COUNTED_BY = ("beneficiaries", "sites.beneficiary")


class WorkedExample(Value):
    """A cost and the support that the resolution allows for it, in đồng; worked by hand by the office."""

    cost: int
    amount: int


class NormEntry(Value, kw_only=True):
    """A figure for one activity: percent of the cost and ceiling in đồng, either may be missing.

    `document` is the resolution with number, day and organ, `article` the article in it; `last` is None while it is in
    force until further notice.
    """

    activity: str
    document: str
    first: date
    percent: Decimal | None = None
    cap: int | None = None
    label: str = ""
    per: str = ""
    once: bool = False
    article: str = ""
    last: date | None = None
    note: str = ""
    examples: tuple[WorkedExample, ...] = ()


class NormTerritory(Value, kw_only=True):
    """What a file of norms is for: a programme and, for a local one, the code and the name of the province."""

    programme: str
    province: str = ""
    name: str = ""

    @property
    def label(self) -> str:
        """«Khuyến công địa phương tỉnh Gia Lai», «Khuyến công quốc gia»."""
        return f"Khuyến công địa phương {text.lower_first(self.name)}" if self.province else "Khuyến công quốc gia"

    def owns(self, norms: Norms) -> bool:
        """Whether norms are for this programme and the whole of this territory."""
        return (norms.programme, norms.province, norms.old_province) == (self.programme, self.province, "")


def own_territory(workspace: Workspace) -> NormTerritory:
    """The local programme of this unit's province."""
    code = workspace.identity.unit.province
    return NormTerritory(programme="local", province=code, name=workspace.places.province_name(code) or code)


NATIONAL = NormTerritory(programme="national")


def territories(workspace: Workspace) -> list[NormTerritory]:
    """The programmes whose norms this office may enter: that of its province, and the national one."""
    return [own_territory(workspace), NATIONAL]


def entries_of_json(content: str) -> list[NormEntry]:
    """Entries from an array of objects with the keys of the command line; UserError `bad_lines` for anything else."""
    try:
        return [_entry_of_json(line) for line in parsed(content)]
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise UserError(
            f"Tệp mức hỗ trợ viết sai: {error}.", code="bad_lines", hint="Xem «kcdesk norms --help»."
        ) from None


def _entry_of_json(line: dict[str, Any]) -> NormEntry:
    words = {name: str(line.get(name) or "") for name in ("document", "label", "per", "article", "note")}
    percent, cap, last = line.get("percent"), line.get("cap"), line.get("to")
    return NormEntry(
        **words,
        activity=str(line["activity"]),
        first=date.fromisoformat(line["from"]),
        last=date.fromisoformat(last) if last else None,
        percent=None if percent is None else Decimal(str(percent)),
        cap=None if cap is None else int(cap),
        once=bool(line.get("once")),
        examples=tuple(WorkedExample(int(e["cost"]), int(e["amount"])) for e in line.get("examples", ())),
    )


def problems(workspace: Workspace, entry: NormEntry) -> list[Problem]:
    """What an entry lacks or says wrongly, each with its field."""
    return list(_problems(workspace, entry))


def norm_file(workspace: Workspace, territory: NormTerritory, entries: Sequence[NormEntry]) -> dict[str, str]:
    """The file of rules with the entries over those in force, {name: TOML}; nothing is written.

    UserError for a wrong entry, for days that contradict the figures in force, and for an example that comes out
    otherwise; its sentence says what comes out.
    """
    if not entries:
        raise UserError("Chưa nhập mức nào.", code="nothing_entered", hint="Hãy nhập ít nhất một mức rồi thêm vào.")
    for entry in entries:
        if wrong := problems(workspace, entry):
            raise UserError(wrong[0].message, code="bad_norm", field=wrong[0].field)
    name, document = _document(workspace, territory)
    for entry in entries:
        _enter(document, entry, workspace.forms.activity(entry.activity).label)
    files = {f"{FOLDER}/{name}": tomlkit.dumps(document)} | own_file.law_file(workspace)
    with trial.workspace_with(workspace, files) as would_be:
        for entry in entries:
            _refuse_other_results(would_be, territory, entry)
    return files


# -- checks ------------------------------------------------------------------------------------------------------------


def _problems(workspace: Workspace, entry: NormEntry) -> Iterator[Problem]:
    if entry.activity not in {activity.code for activity in workspace.forms.activities}:
        yield Problem("activity", "Chưa chọn nội dung hoạt động.")
    if entry.percent is None and entry.cap is None and not entry.note:
        yield Problem(
            "percent", "Chưa ghi tỷ lệ hay mức trần; nếu nghị quyết không quy định, hãy ghi vì sao ở «Ghi chú»."
        )
    if entry.percent is not None and not 0 < entry.percent <= 100:
        yield Problem("percent", "Tỷ lệ phải lớn hơn 0 và không quá 100 %.")
    if entry.cap is not None and entry.cap <= 0:
        yield Problem("cap", "Mức trần phải lớn hơn 0 đồng.")
    yield from problems_of_source(workspace, entry.document, entry.article, entry.first)
    if entry.last is not None and entry.last < entry.first:
        yield Problem("last", "Ngày hết hiệu lực trước ngày có hiệu lực.")
    if not entry.examples and (entry.percent is not None or entry.cap is not None):
        yield Problem("examples", "Chưa có ví dụ tính tay: chi phí bao nhiêu thì được hỗ trợ tối đa bao nhiêu.")


def _refuse_other_results(would_be: Workspace, territory: NormTerritory, entry: NormEntry) -> None:
    for example in entry.examples:
        query = CeilingQuery(
            programme=territory.programme,
            activity=entry.activity,
            on=entry.first,
            province=territory.province,
            facts={"priority": False},
            cost=example.cost,
        )
        amount = ceiling(would_be.norms, query).amount
        if amount != example.amount:
            comes_out = "không có mức bằng số" if amount is None else f"{text.format_integer(amount)} đồng"
            raise UserError(
                f"Ví dụ chi phí {text.format_integer(example.cost)} đồng: tính theo mức đã nhập ra {comes_out}, "
                f"không phải {text.format_integer(example.amount)} đồng.",
                code="example_differs",
                hint="Hãy xem lại tỷ lệ, mức trần và ví dụ theo nghị quyết.",
                field="examples",
            )


# -- the file ----------------------------------------------------------------------------------------------------------


def _document(workspace: Workspace, territory: NormTerritory) -> tuple[str, tomlkit.TOMLDocument]:
    """The file of the territory in force with its comments, or a new one; and its name."""
    name = territory.name or territory.programme
    keys = {
        "programme": territory.programme,
        "label": territory.label,
        "province": territory.province,
        "old_province": "",
    }
    return edited_document(workspace, FOLDER, keys, f"Ceilings of {name}", name)


def _enter(document: tomlkit.TOMLDocument, entry: NormEntry, activity_label: str) -> None:
    """Add an entry: a new period of the line of its activity, or a new line."""
    lines = document.setdefault("line", tomlkit.aot())
    line = _line_of(lines, entry.activity)
    if line is None:
        line = _new_line(lines, entry, activity_label)
        lines.insert(0, line)  # the first line that holds counts: it goes before older ones of several activities
        line = lines[0]
    elif entry.label:
        line["label"] = entry.label
    periods = line.setdefault("period", tomlkit.aot())
    if periods:
        end_before(periods[-1], entry.first)
    periods.append(_period(entry))


def _line_of(lines: AoT, activity: str) -> Table | None:
    """The line of only this activity that holds without a condition."""
    alone = (
        line
        for line in lines
        if list(line.get("activities", ())) == [activity] and not line.get("when") and not line.get("part")
    )
    return cast("Table | None", next(alone, None))


def _new_line(lines: AoT, entry: NormEntry, activity_label: str) -> Table:
    line = tomlkit.table()
    used = {str(other.get("id")) for other in lines}
    names = (entry.activity, *(f"{entry.activity}_{number}" for number in range(2, len(used) + 3)))
    line["id"] = next(name for name in names if name not in used)
    line["label"] = entry.label or activity_label
    line["activities"] = [entry.activity]
    if entry.per:
        line["per"] = entry.per
        line["counted_by"] = list(_COUNTED_BY)
    return line


def _period(entry: NormEntry) -> Table:
    period = tomlkit.table()
    facts: dict[str, Any] = {
        "effective_from": entry.first,
        "effective_to": entry.last,
        "document": entry.document.strip(),
        "article": entry.article.strip() or None,
        "percent": _percent(entry.percent),
        "cap": entry.cap,
        "once": True if entry.once else None,
        "note": entry.note.strip() or None,
    }
    for name, value in facts.items():
        if value is not None:
            period[name] = value
    return period


def _percent(percent: Decimal | None) -> int | str | None:
    if percent is None:
        return None
    return int(percent) if percent == int(percent) else str(percent.normalize())
