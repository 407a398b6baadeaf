"""The tree of a number of a record: computed from cells, taken over from other records, entered by somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.derivations.computed_fields import (
    column_total,
    computed_derivation,
    is_computed,
    is_number,
    labelled_cell,
    number_paths,
)
from kcdesk.formdef.derivations.nodes import TAKEN_OVER, Derivation
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import replace
from kcdesk.services.derivations import wording
from kcdesk.services.derivations.entries import Entries
from kcdesk.services.derivations.origins import Origins
from kcdesk.services.derivations.proved_rules import with_proof
from kcdesk.services.derivations.proving_papers import paper_behind
from kcdesk.services.records import titles
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace

DEEPEST = 12  # levels below the number that was asked about
_MOST = 5_000  # numbers of one tree
_REPEATED = "Các phần của số này đã nêu ở phía trên."
_LOOP = "Số này đã nêu ở phía trên; không xét vòng lại."
_TOO_DEEP = "Còn nhiều tầng nữa: hãy hỏi «Vì sao có số này?» ở chính số này."
_ABSENT = "Hồ sơ này không có trong kho này."

Address = tuple[str, str]  # id of a record, path


def why(workspace: Workspace, record_id: str, name: str) -> Derivation:
    """The tree of the number at a path, of the total of a column («budget.cost»), or of a figure («balance.paid»).

    UserError `unknown_field` if there is no such field or figure, `no_number` if the field holds no number.
    """
    record = workspace.store.record(record_id)
    explainer = _Explainer(workspace)
    figures = figures_of(workspace, record)
    if name in figures:
        return with_proof(workspace, explainer.figure(figures[name](), record), record_id)
    if "." in name and (total := column_total(record, name)) is not None:
        return with_proof(workspace, explainer.figure(total, record), record_id)
    if not is_number(record.field(name)):
        raise UserError(
            f"«{record.field(name).label}» không phải là số tiền, tỷ lệ hay số lượng.",
            code="no_number",
            hint="Chỉ hỏi được vì sao có một số.",
            field=name,
        )
    return with_proof(workspace, explainer.asked(record, name), record_id)


def every_number(workspace: Workspace, *record_ids: str) -> Iterator[tuple[str, Derivation]]:
    """The trees of all numbers of records that are seen, each with its path or name; no figures that are 0."""
    explainer = _Explainer(workspace)
    for record in map(workspace.store.record, record_ids):
        yield from ((path, explainer.asked(record, path)) for path in number_paths(record))
        known = _known_figures(workspace, record).items()
        yield from ((name, explainer.figure(figure, record)) for name, figure in known if figure.value)


def numbers_of(workspace: Workspace, record_id: str) -> list[dict[str, Any]]:
    """The numbers of a record that can be asked about: {"path", "label", "value", "text"}, figures after fields."""
    record = workspace.store.record(record_id)
    cells = {path: labelled_cell(record, path) for path in number_paths(record)}
    known = cells | _known_figures(workspace, record)
    return [
        {"path": path, "label": node.label, "value": wording.json_number(node.value), "text": node.written(node.value)}
        for path, node in known.items()
    ]


def figures_of(workspace: Workspace, record: Record) -> Mapping[str, Callable[[], Derivation]]:
    """The figures of a record that no field holds, by name, not expanded; UserError where one cannot be told."""
    finders = workspace.extensions.figures.get(record.kind, ())
    return {name: figure for finder in finders for name, figure in finder(workspace, record).items()}


def _known_figures(workspace: Workspace, record: Record) -> dict[str, Derivation]:
    known = {}
    for name, figure in figures_of(workspace, record).items():
        try:
            known[name] = figure()
        except UserError:  # no rule gives this figure; whoever asks for it is told why
            continue
    return known


class _Explainer:
    """Expands trees down to what was entered; keeps what it has read of each record."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._records: dict[str, Record | None] = {}
        self._entries = Entries(workspace)
        self._origins = Origins(workspace)
        self._leaves: dict[Address, Derivation] = {}
        self._expanded: dict[Address, bool] = {}  # the cells of this tree, and whether they have parts
        self._count = 0

    def asked(self, record: Record, path: str) -> Derivation:
        """The number at a path with all parts, and what it must not exceed."""
        self._expanded, self._count = {}, 0  # another tree
        node = self.cell(record, path, ())
        finder = self._workspace.extensions.limits.get(record.kind)
        limits = finder(self._workspace, record, path) if finder else ()
        node = replace(node, limits=tuple(self.expanded(limit, ((record.id, path),), record) for limit in limits))
        if node.operation == TAKEN_OVER and limits and node.differs and node.parts[0].operation not in ("", TAKEN_OVER):
            node = replace(node, operation="", parts=())  # it was only suggested; the limit says the same
        return replace(node, note=" ".join(filter(None, (node.note, *_excesses(node)))))

    def figure(self, node: Derivation, record: Record) -> Derivation:
        """A figure of a record with all parts."""
        self._expanded, self._count = {}, 0  # another tree
        return self.expanded(node, (), record)

    def cell(self, record: Record, path: str, above: tuple[Address, ...]) -> Derivation:
        """The number at a path with all parts; `above` are the cells that it is a part of."""
        self._records.setdefault(record.id, record)
        self._count += 1
        leaf = self._leaf(record, path)
        address = (record.id, path)
        if address in above:
            return replace(leaf, cut=_LOOP)
        if len(above) >= DEEPEST or self._count > _MOST:
            return replace(leaf, cut=_TOO_DEEP)
        if self._expanded.get(address):
            return replace(leaf, cut=_REPEATED)
        node = self._with_parts(record, path, leaf, (*above, address))
        self._expanded[address] = bool(node.parts)
        return node

    def _with_parts(self, record: Record, path: str, leaf: Derivation, inner: tuple[Address, ...]) -> Derivation:
        if is_computed(record.field(path)):
            computed = computed_derivation(record, path)
            parts = tuple(self.expanded(part, inner, record) for part in computed.parts)
            return replace(leaf, operation=computed.operation, parts=parts, decimals=computed.decimals)
        return self._entered(record, path, leaf, inner)

    def expanded(self, node: Derivation, above: tuple[Address, ...], around: Record) -> Derivation:
        """A tree whose cells are replaced by their own trees; `around` is the record that asks."""
        if node.cell is not None and not node.parts:
            record = self._record(node.cell.record)
            if record is None:
                return replace(node, cut=_ABSENT)
            own = self.cell(record, node.cell.path, above)
            return replace(own, value=node.value) if own.value is None else own  # an empty amount counts as 0
        parts = tuple(self.expanded(part, above, around) for part in node.parts)
        return replace(node, parts=parts)

    def _leaf(self, record: Record, path: str) -> Derivation:
        """The cell with who entered it and the paper behind it."""
        address = (record.id, path)
        if address not in self._leaves:
            self._leaves[address] = self._read(record, path)
        return self._leaves[address]

    def _read(self, record: Record, path: str) -> Derivation:
        computed = is_computed(record.field(path))
        return replace(
            labelled_cell(record, path),
            title=titles.title_of(self._workspace, record),
            entered=None if computed else self._entries.of(record, path),
            paper=paper_behind(self._workspace, record, path),
            note=self._mark(record, path),
        )

    def _entered(self, record: Record, path: str, leaf: Derivation, above: tuple[Address, ...]) -> Derivation:
        origin = self._origin(record, path, leaf, above)
        if origin is None:
            return leaf
        part = self.expanded(origin, above, record)
        return replace(leaf, operation=TAKEN_OVER, parts=(part,), decimals=None)

    def _origin(self, record: Record, path: str, leaf: Derivation, above: tuple[Address, ...]) -> Derivation | None:
        """The number it was taken over from: one that is equal, else the likeliest; never one above in the tree."""
        if leaf.value is None:
            return None
        candidates = [
            origin
            for origin in self._origins.of(record, path)
            if origin.value is not None and not (origin.cell and (origin.cell.record, origin.cell.path) in above)
        ]
        equal = (origin for origin in candidates if origin.value == leaf.value)
        return next(equal, candidates[0] if candidates else None)

    def _record(self, id_: str) -> Record | None:
        if id_ not in self._records:
            stored = next(iter(present(self._workspace, [id_])), None)
            self._records[id_] = stored.record(self._workspace.forms) if stored else None
        return self._records[id_]

    def _mark(self, record: Record, path: str) -> str:
        """Whether the value is kept as it stands on paper."""
        value, field = record.value(path), record.field(path)
        kept = "" if value is None else type_of(field).mark(value, field, record.forms)
        return "Giữ như trên giấy." if kept else ""


def _excesses(node: Derivation) -> Iterator[str]:
    """What the number exceeds, with the reason that is kept for it."""
    for limit in node.limits:
        if None not in (node.value, limit.value) and (node.value or 0) > (limit.value or 0):
            over = node.written((node.value or Decimal(0)) - (limit.value or Decimal(0)))
            yield " ".join(filter(None, (f"Vượt «{limit.label}» {over}.", limit.note)))
