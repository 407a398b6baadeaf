"""A vote of products as a whole: register, score, rank and certify its products, print their papers.

`entries` holds the prefill and the guards of a single entry. The criteria with their maximum points are the columns of
the form's score table; the pass mark is a field of each entry (TT 26/2014/TT-BCT).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.errors import IncompleteError, Problem, UserError
from kcdesk.formdef.model import Field
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, parents, permissions, prefill, reading
from kcdesk.services.votes import entries as vote_entries
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.stored_record import new_id
from kcdesk.temporary import private_files

ENTRY, VOTE, PRODUCT = "product_entry", "product_vote", "typical_product"
CERTIFICATE = "product_certificate"
SHEET = "product_score_sheet"
_SCORE, _CERTIFY = "score", "certify"  # steps of a product in a vote
_TABLE = "scores"
_CERTIFICATE = "lower_certificate"
ScoreCell = tuple[str, str]  # judge, criterion


class BoardLine(Value, kw_only=True):
    """A product of a vote; `rank` is its place among all products, `group_rank` in its group, 0 without scores."""

    id: str
    number: str
    product: str
    maker: str
    group: str
    group_label: str
    points: Mapping[ScoreCell, str]
    totals: Mapping[str, str]  # by judge
    average: str
    pass_mark: str
    passes: bool
    is_scored: bool  # every judge gave points for every criterion
    state: str
    state_label: str
    tone: str
    is_open: bool  # points may still be entered
    awaits_result: bool
    is_certified: bool
    certificate: str
    rank: int = 0
    group_rank: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        names = ("id", "number", "product", "maker", "group", "average", "pass_mark", "passes", "is_scored", "rank")
        return {name: getattr(self, name) for name in (*names, "group_rank", "state", "certificate")}


class Board(Value):
    """A vote with its judges, its criteria and its products, best first."""

    vote: Record
    judges: tuple[str, ...]
    criteria: tuple[Field, ...]
    lines: tuple[BoardLine, ...]
    is_recognised: bool = False  # whether the vote has its decision
    takes_products: bool = True  # whether products may still be registered

    @property
    def sentence(self) -> str:
        """«5 sản phẩm, 3 đã đủ điểm, 2 đạt.»."""
        scored = sum(line.is_scored for line in self.lines)
        passing = sum(line.is_scored and line.passes for line in self.lines)
        return f"{len(self.lines)} sản phẩm, {scored} đã đủ điểm, {passing} đạt mức tối thiểu."


# -- reading -----------------------------------------------------------------------------------------------------


def board(workspace: Workspace, vote_id: str) -> Board:
    """Read a vote with its judges, criteria and ranked products."""
    vote = workspace.store.record(vote_id)
    form = workspace.forms.current(ENTRY, workspace.today())
    table = form.field(_TABLE)
    criteria = tuple(column for column in table.columns if type_of(column).is_decimal and not column.computed)
    judges = tuple(row["name"] for row in vote.rows("judges") if row.get("name"))
    lines = [_line(workspace, entry, judges, criteria) for entry in vote_entries.entries(workspace, vote)]
    is_recognised = workspace.forms.workflow(VOTE).is_marked(vote.state, "decided")
    return Board(vote, judges, criteria, tuple(_ranked(lines)), is_recognised, _takes_products(workspace, vote))


def _takes_products(workspace: Workspace, vote: Record) -> bool:
    return parents.is_time_for(workspace, ENTRY, VOTE, vote.state)


def _line(workspace: Workspace, entry: Record, judges: Sequence[str], criteria: Sequence[Field]) -> BoardLine:
    rows = {row.get("judge"): row for row in entry.rows(_TABLE)}
    points = {
        (judge, column.name): str(rows[judge][column.name])
        for judge in judges
        for column in criteria
        if judge in rows and rows[judge].get(column.name) is not None
    }
    average = str(entry.value("average") or "")
    workflow = workspace.forms.workflow(ENTRY)
    state = workflow.state(entry.state)
    return BoardLine(
        id=entry.id,
        number=str(entry.value("entry_number") or ""),
        product=str(entry.value("product_name") or entry.title()),
        maker=str(entry.value("maker_name") or ""),
        group=str(entry.value("product_group") or ""),
        group_label=_group(workspace, entry),
        points=points,
        totals={judge: str(rows[judge].get("total") or "") for judge in judges if judge in rows},
        average=average,
        pass_mark=str(entry.value("pass_mark") or ""),
        passes=bool(average) and Decimal(average) >= Decimal(str(entry.value("pass_mark") or 0)),
        is_scored=bool(judges) and len(points) == len(judges) * len(criteria),
        state=entry.state,
        state_label=state.label,
        tone=state.tone,
        is_open=entry.state in workflow.step(_SCORE).from_states,
        awaits_result=entry.state in workflow.step(_CERTIFY).from_states,
        is_certified=entry.state == workflow.step(_CERTIFY).to,
        certificate=str(entry.value("certificate_number") or ""),
    )


def _group(workspace: Workspace, entry: Record) -> str:
    choices = workspace.forms.choices(entry.form.field("product_group"))
    return next((choice.short for choice in choices if choice.value == entry.value("product_group")), "")


def _ranked(lines: Sequence[BoardLine]) -> Iterator[BoardLine]:
    """Rank the products; equal points share a place, a product without points has place 0."""
    for line in lines:
        ahead = [other for other in lines if line.average and other.average and _above(other, line)]
        beside = [other for other in ahead if other.group == line.group]
        place = len(ahead) + 1 if line.average else 0
        yield replace(line, rank=place, group_rank=len(beside) + 1 if line.average else 0)


def _above(line: BoardLine, other: BoardLine) -> bool:
    return Decimal(line.average) > Decimal(other.average)


class Candidate(Value, kw_only=True):
    """A product that may be registered."""

    id: str
    name: str
    group: str
    is_complete: bool
    certificate: str = ""  # the certificate of a lower vote that this store knows


def asks_certificates(workspace: Workspace, vote_id: str) -> bool:
    """Whether the products of a vote need a certificate of the level below (Điều 12 TT 26/2014/TT-BCT)."""
    entry = new_record(workspace.forms, ENTRY, new_id(), workspace.today())
    entry.set(VOTE, vote_id)
    prefill.prepare(workspace, entry)
    return _CERTIFICATE in entry.form.by_name and entry.is_required(_CERTIFICATE)


def _known_certificate(workspace: Workspace, product: str) -> str:
    """«12/GCN ngày 05/3/2026» of the newest certificate of a product; "" for none."""
    certified = [
        stored.record(workspace.forms)
        for stored in workspace.store.find(ENTRY, PRODUCT, product)
        if stored.data.get("certificate_number")
    ]
    newest = max(certified, key=lambda entry: str(entry.value("certified_on") or ""), default=None)
    return f"{newest.text('certificate_number')} ngày {newest.text('certified_on')}" if newest else ""


def candidates(workspace: Workspace, vote_id: str) -> list[Candidate]:
    """List the products that are not in the vote, by name; products with complete papers first."""
    entries = workspace.store.children(vote_id, ENTRY)
    entered = {stored.data.get(PRODUCT) for stored in entries}
    products = [stored.record(workspace.forms) for stored in workspace.store.page(PRODUCT, limit=-1)]
    complete = workspace.forms.workflow(PRODUCT).locked
    open_products = [
        Candidate(
            id=product.id,
            name=product.title(),
            group=product.text("product_group"),
            is_complete=product.state in complete,
            certificate=_known_certificate(workspace, product.id),
        )
        for product in products
        if product.id not in entered
    ]
    return sorted(open_products, key=lambda product: (not product.is_complete, text.sort_key(product.name), product.id))


# -- registering and scoring ---------------------------------------------------------------------------------------


def register(
    workspace: Workspace, vote_id: str, products: Sequence[str], certificates: Mapping[str, str] | None = None
) -> Changes:
    """Enter products into a vote in one act, with consecutive numbers. UserError `nothing_chosen`, `vote_over`.

    `certificates` are number and day of the certificate of the level below, by product.
    """
    known = certificates or {}
    vote = permissions.living(workspace, vote_id)
    if not products:
        raise UserError("Chưa chọn sản phẩm nào.", code="nothing_chosen", field=PRODUCT)
    if not _takes_products(workspace, vote):
        raise UserError(
            f"Kỳ bình chọn «{vote.title()}» đã có quyết định công nhận, không đăng ký thêm sản phẩm được.",
            code="vote_over",
            hint="Sản phẩm mới dự kỳ sau. Nếu ghi nhận công nhận nhầm: mở hồ sơ kỳ bình chọn, bấm «Sửa thành bản mới».",
        )
    form = reading.form_of(workspace, ENTRY)
    with workspace.store.act(f"Đăng ký {len(products)} sản phẩm dự «{vote.title()}»", record=vote_id) as act:
        for product in dict.fromkeys(products):
            entry = new_record(workspace.forms, ENTRY, new_id(), workspace.today())
            entry.set(VOTE, vote_id)
            entry.set(PRODUCT, product)
            permissions.refuse_unknown_links(workspace, entry, set())
            prefill.prepare(workspace, entry)
            if certificate := known.get(product, "").strip():
                entry.parse(_CERTIFICATE, certificate)
            act.insert(ENTRY, form.reference, entry.data, parent=vote_id, id=entry.id)
    return act.changes


def write_scores(workspace: Workspace, entry_id: str, cells: Mapping[ScoreCell, str]) -> Changes:
    """Save typed points, all or none; "" clears a cell. UserError names a cell above its maximum."""
    entry = permissions.living(workspace, entry_id)
    rows = {row.get("judge"): row["id"] for row in entry.rows(_TABLE)}
    changes: dict[str, Any] = {}
    for judge in dict.fromkeys(judge for judge, _ in cells):
        if judge not in rows:
            rows[judge], added = entry.add_row(_TABLE, {"judge": judge})
            changes |= added
    for (judge, criterion), typed in cells.items():
        changes |= entry.parse(f"{_TABLE}/{rows[judge]}/{criterion}", typed.strip() or None)
    return changing.save(
        workspace, entry_id, changes, f"Nhập điểm «{entry.value('product_name') or entry.title()}»"
    ).changes


# -- the end of a vote ---------------------------------------------------------------------------------------------


def close_scores(workspace: Workspace, vote_id: str) -> Changes:
    """Make the points of every product final, in one act; IncompleteError lists what each product lacks."""
    open_lines = [line for line in board(workspace, vote_id).lines if line.is_open]
    if not open_lines:
        raise UserError("Không còn sản phẩm nào chờ chốt điểm.", code="nothing_chosen")
    batch = _StepBatch(workspace)
    for line in open_lines:
        batch.add(workspace.store.record(line.id), _SCORE, of=f"{line.product}: ")
    return batch.write(f"Chốt điểm {len(open_lines)} sản phẩm")


class _StepBatch:
    """Steps of several products, taken in one act; none is taken when any product has a problem."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._prepared: list[steps.PreparedStep] = []
        self._problems: dict[Problem, None] = {}

    def add(self, entry: Record, step: str, reason: str = "", also: dict[str, Any] | None = None, of: str = "") -> None:
        """Add a step; `also` are values already set in the record, `of` is put before each problem's sentence."""
        try:
            self._prepared.append(steps.prepare_step(self._workspace, entry, step, reason, also=also))
        except IncompleteError as error:
            self._problems |= dict.fromkeys(
                problem if problem.record else Problem(problem.field, of + problem.message, entry.id)
                for problem in error.problems  # what another dossier lacks is said once for all products
            )

    def write(self, action: str) -> Changes:
        """Write all steps in one act; IncompleteError lists the problems of every product."""
        if self._problems:
            raise IncompleteError(list(self._problems))
        with self._workspace.store.act(action) as act:
            for prepared in self._prepared:
                steps.write_step(self._workspace, act, prepared)
        return act.changes


def certify(workspace: Workspace, vote_id: str, first_number: str, on: date) -> Changes:
    """Certify every product that reached the pass mark and decline the others, in one act.

    `first_number` begins with digits, which are counted up: «07/GCN-UBND» is followed by «08/GCN-UBND». IncompleteError
    while the result is not recognised or a product is not scored; UserError for a date in the future.
    """
    scored = [line for line in board(workspace, vote_id).lines if line.awaits_result]
    if not scored:
        raise UserError("Chưa có sản phẩm nào đã chốt điểm.", code="nothing_chosen", hint="Hãy chốt điểm trước.")
    if on > workspace.today():
        raise UserError("Ngày cấp không được ở tương lai.", code="bad_date", field="certified_on")
    batch, numbers = _StepBatch(workspace), _numbers(first_number)
    for line in scored:
        entry = workspace.store.record(line.id)
        if line.passes:
            certificate = entry.set("certificate_number", next(numbers)) | entry.set("certified_on", on.isoformat())
            batch.add(entry, _CERTIFY, also=certificate)
        else:
            batch.add(entry, "decline", "Điểm bình quân dưới mức tối thiểu")
    passing = sum(line.passes for line in scored)
    return batch.write(f"Cấp {passing} giấy chứng nhận sản phẩm tiêu biểu")


def _numbers(first: str) -> Iterator[str]:
    """Count up from a first number: «07/GCN», «08/GCN», …; UserError if it does not begin with a digit."""
    first = text.clean(first).strip()
    digits = first[: len(first) - len(first.lstrip("0123456789"))]
    if not digits:
        raise UserError(
            f"«{first}» không bắt đầu bằng số.",
            code="bad_number",
            hint="Ví dụ: 01/GCN-UBND.",
            field="certificate_number",
        )
    rest, number = first[len(digits) :], int(digits)
    while True:
        yield f"{number:0{len(digits)}}{rest}"
        number += 1


def print_certificates(workspace: Workspace, vote_id: str, pdf: Path) -> dict[str, Any]:
    """Write every certificate of a vote as a single PDF, best first; returns {"pdf", "pages"}."""
    certified = [line.id for line in board(workspace, vote_id).lines if line.is_certified]
    return print_all(workspace, certified, CERTIFICATE, pdf)


def print_sheets(workspace: Workspace, vote_id: str, pdf: Path) -> dict[str, Any]:
    """Write the score sheets of a vote as a single PDF, per product and judge; returns {"pdf", "pages"}."""
    vote_board = board(workspace, vote_id)
    judges = [
        {"name": row["name"], "title": row.get("title")} for row in vote_board.vote.rows("judges") if row.get("name")
    ]
    by_number = sorted(vote_board.lines, key=lambda line: line.number)
    return _print_joined(workspace, [(line.id, judge) for line in by_number for judge in judges], SHEET, pdf)


def print_all(workspace: Workspace, ids: Sequence[str], document: str, pdf: Path) -> dict[str, Any]:
    """Write the same paper of several dossiers as a single PDF; UserError `nothing_chosen` for none."""
    return _print_joined(workspace, [(id_, None) for id_ in ids], document, pdf)


def _print_joined(
    workspace: Workspace, sheets: Sequence[tuple[str, Mapping[str, Any] | None]], document: str, pdf: Path
) -> dict[str, Any]:
    """Print a sheet for each pair of dossier id and judge (or None), and join them."""
    from kcdesk.documents.joining import join  # pdfium is a library of 10 MB

    if not sheets:
        raise UserError("Chưa có giấy nào để in.", code="nothing_chosen")
    with private_files.folder() as folder, workspace.store.together():  # each print notes the use of personal data
        paths = [folder / f"{number}.pdf" for number in range(len(sheets))]
        for (id_, judge), path in zip(sheets, paths, strict=True):
            printing.print_record(workspace, id_, document, path, judge=judge)
        join(paths, pdf)
    return {"pdf": str(pdf), "pages": printing.page_count(pdf)}
