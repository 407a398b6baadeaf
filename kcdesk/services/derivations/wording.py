"""A tree of a number in words: lines for the window, the command line and the annex, and JSON for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from kcdesk import moments
from kcdesk.formdef.derivations.nodes import CellAddress, Derivation, Entry, LegalBasis, ProvingPaper
from kcdesk.runtime.frozen import Value, asdict, replace
from kcdesk.text import format_date

LIMIT = "Giới hạn"
HIDDEN = "(dữ liệu nhạy cảm, không in)"
FAULT = "Có số không khớp với các phần của nó: đây là lỗi của chương trình, hãy báo lại."


class DerivationLine(Value, kw_only=True):
    """One number of a tree; `number` is «1.2.» for the second part of the first, `depth` 0 for the number itself.

    `above` is the nearest number above it that stands in a record.
    """

    node: Derivation
    number: str
    depth: int
    above: Derivation | None = None
    is_limit: bool = False

    @property
    def label(self) -> str:
        """What the number is, and whether it is only a limit."""
        return f"{LIMIT}: {self.node.label}" if self.is_limit else self.node.label

    @property
    def value(self) -> str:
        """The number with its unit."""
        return self.node.written(self.node.value)

    @property
    def printed_value(self) -> str:
        """The number as a paper shows it: sensitive values are left out."""
        return HIDDEN if self.node.secret else self.value

    def source(self) -> str:
        """How the number is got, for a column of a paper: its formula, «theo quy định», «đã ghi», «chưa ghi»."""
        node = self.node
        if node.secret or node.value is None:
            return "" if node.secret else "chưa ghi"
        return node.formula() or ("đã ghi" if node.cell else "theo quy định" if node.rule else "đếm, cộng")

    def details(self, *, whole: bool = False) -> list[str]:
        """The sentences about the number; unless `whole`, not again what the line above has said of its record."""
        node, above = self.node, None if whole else self.above
        return [
            *filter(None, (node.remark(), node.note, node.cut)),
            *([f"Hồ sơ: {node.title}."] if node.title and not (above and above.title == node.title) else []),
            *([_rule_text(node.rule)] if node.rule and not (above and above.rule == node.rule) else []),
            *([_entry_text(node.entered)] if node.entered else []),
            *([_paper_text(node.paper)] if node.paper and not (above and above.paper == node.paper) else []),
        ]


def lines_of(tree: Derivation) -> Iterator[DerivationLine]:
    """The lines of a tree from top to bottom; a number whose parts are not repeated names their line."""
    return _lines(DerivationLine(node=tree, number="", depth=0), {})


def _lines(line: DerivationLine, listed: dict[CellAddress, str]) -> Iterator[DerivationLine]:
    node = line.node
    if node.cut and node.cell in listed:
        line = replace(line, node=replace(node, cut=f"{node.cut} Xem số {listed[node.cell]}"))
    elif node.parts and node.cell is not None and line.number:
        listed[node.cell] = line.number
    yield line
    below = [*((part, False) for part in node.parts), *((limit, True) for limit in node.limits)]
    above = node if node.title else line.above
    for place, (part, is_limit) in enumerate(below, start=1):
        number = f"{line.number}{place}."
        yield from _lines(
            DerivationLine(node=part, number=number, depth=line.depth + 1, above=above, is_limit=is_limit), listed
        )


def has_fault(tree: Derivation) -> bool:
    """Whether a computed number of the tree is not what its parts give."""
    return any(node.is_wrong for node in tree.walk())


def in_lines(tree: Derivation) -> Iterator[str]:
    """The tree as indented text."""
    for line in lines_of(tree):
        indent = "  " * line.depth
        formula = line.node.formula()
        yield f"{indent}{line.number} {line.label}: {line.value}".replace(f"{indent} ", indent, 1)
        if formula:
            yield f"{indent}    = {formula}"
        yield from (f"{indent}    {detail}" for detail in line.details())
    if has_fault(tree):
        yield FAULT


def as_json(tree: Derivation) -> dict[str, Any]:
    """The tree as the command line prints it; amounts and counts are whole numbers, other numbers as they are."""
    cell = tree.cell
    return {
        "id": cell.record if cell else "",
        "kind": cell.kind if cell else "",
        "path": cell.path if cell else "",
        "title": tree.title,
        "label": tree.label,
        "value": json_number(tree.value),
        "unit": tree.unit,
        "operation": tree.operation,
        "formula": tree.formula(),
        "rule": _json_rule(tree.rule),
        "parts": [as_json(part) for part in tree.parts],
        "limits": [as_json(limit) for limit in tree.limits],
        "entered": asdict(tree.entered) if tree.entered else None,
        "paper": asdict(tree.paper) | {"scans": list(tree.paper.scans)} if tree.paper else None,
        "note": " ".join(filter(None, (tree.note, tree.cut))),
        "remark": tree.remark(),
        "agrees": not tree.differs,
        "fault": tree.is_wrong,
    }


def json_number(number: Decimal | None) -> int | float | None:
    """A number for JSON: whole where it is whole."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _json_rule(rule: LegalBasis | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    on = rule.on.isoformat() if rule.on else None
    named = {"article": rule.article, "instrument": rule.instrument, "on": on, "cautions": list(rule.cautions)}
    return asdict(rule) | named


def _rule_text(rule: LegalBasis) -> str:
    marks = "; ".join(filter(None, (f"theo quy định ngày {format_date(rule.on)}" if rule.on else "", rule.proof)))
    sentence = f"Căn cứ: {' '.join(filter(None, (rule.text, rule.source)))}{f' ({marks})' if marks else ''}."
    return " ".join((sentence, *rule.cautions))


def _entry_text(entry: Entry) -> str:
    day = format_date(moments.day(entry.at))
    arrived = f", nhận trong {entry.package}" if entry.package else ""
    return f"Người ghi: {entry.by or 'chưa rõ'}, {day}, «{entry.action}»{arrived}."


def _paper_text(paper: ProvingPaper) -> str:
    parts = [paper.label]
    parts += [f"số {paper.number}"] if paper.number else []
    parts += [f"ngày {format_date(date.fromisoformat(paper.date))}"] if paper.date else []
    parts += [f"của {paper.issuer}"] if paper.issuer else []
    scans = f"; bản quét: {', '.join(paper.scans)}" if paper.scans else "; chưa có bản quét"
    return f"Giấy tờ: {' '.join(parts)}{scans}."
