"""Commands of rules: sign, preview, receive, undo; the register of legal instruments."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import moments, text
from kcdesk.cli.given_paths import FILE, FOLDER, WORKBOOK, read_text
from kcdesk.cli.law import law_text_commands
from kcdesk.cli.record_commands import forms_in_force, optional_day, with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.formdef.law.instruments import READINGS
from kcdesk.services.effects import rule_changes, seen_rules, touched_dossiers
from kcdesk.services.effects.touched_dossiers import TouchedDossier
from kcdesk.services.law import checking
from kcdesk.services.rulebook import area_drafts, instruments, norm_drafts, updates
from kcdesk.services.rulebook.drafts.rule_entries import entries_of_json, entry_files
from kcdesk.services.rulebook.drafts.subjects import SUBJECTS, subject_of
from kcdesk.services.workspace import Workspace

_FLAG = {"action": "store_true"}
_TEXT = {"default": ""}
_SUBJECTS = "deadlines: thời hạn; payments: tạm ứng, quyết toán; eligibility: điều kiện hỗ trợ"
_ENTRIES = 'mảng: {"target": mã quy định, "" là mới, "typed": {ô: nội dung gõ}}; ô như trong cửa sổ'
_NORM_LINES = (
    'mảng các mức: {"activity", "percent", "cap", "per", "once", "document", "article", "from", "to", "note", '
    '"examples": [{"cost", "amount"}]}; tiền tính bằng đồng, ngày YYYY-MM-DD'
)


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "pack-rules",
        with_workspace(pack_rules),
        packed_in_lines,
        "ký các tệp quy định mới của một thư mục thành một tệp để chuyển đi (cấp tỉnh)",
        ("folder", FOLDER),
        ("file", WORKBOOK),
        ("--note", _TEXT | {"metavar": "NỘI_DUNG", "help": "những gì thay đổi, một câu"}),
    )
    add(
        "take-rules",
        with_workspace(take_rules),
        preview_in_lines,
        "nhận một tệp quy định; hồ sơ cũ giữ quy định cũ",
        ("file", WORKBOOK),
        ("--dry-run", _FLAG | {"help": "chỉ xem sẽ thay đổi gì"}),
    )
    add(
        "norms",
        with_workspace(pack_norms),
        packed_in_lines,
        "ký mức hỗ trợ mới của tỉnh, hoặc của thông tư mới, thành một tệp quy định để chuyển đi (cấp tỉnh)",
        ("lines", FILE | {"metavar": "MỨC.json", "help": _NORM_LINES}),
        ("file", WORKBOOK),
        ("--national", _FLAG | {"help": "mức của khuyến công quốc gia"}),
        ("--note", _TEXT | {"metavar": "NỘI_DUNG", "help": "những gì thay đổi, một câu"}),
    )
    add(
        "areas",
        with_workspace(pack_areas),
        packed_areas_in_lines,
        "ký danh mục địa bàn ưu tiên theo xã từ một bảng Excel thành một tệp quy định (cấp tỉnh)",
        ("table", WORKBOOK | {"help": "bảng có cột xã, phường và cột địa bàn"}),
        ("file", WORKBOOK),
        ("--document", _TEXT | {"required": True, "metavar": "VĂN_BẢN", "help": "số, ngày, cơ quan công bố"}),
        ("--from", _TEXT | {"required": True, "dest": "first", "metavar": "NGÀY"}),
        ("--to", _TEXT | {"dest": "last", "metavar": "NGÀY"}),
        (
            "--covers",
            _TEXT | {"metavar": "MÃ,MÃ", "help": "các địa bàn mà danh mục xác định (mặc định: các loại có trong bảng)"},
        ),
        ("--dry-run", _FLAG | {"help": "chỉ xem dòng nào nhận được"}),
    )
    add(
        "enter-rules",
        with_workspace(pack_entries),
        entries_in_lines,
        "ký thời hạn, tạm ứng, điều kiện hỗ trợ mới thành một tệp quy định (cấp tỉnh)",
        ("subject", {"choices": [subject.name for subject in SUBJECTS], "metavar": "LOẠI", "help": _SUBJECTS}),
        ("entries", FILE | {"metavar": "MỤC.json", "help": _ENTRIES}),
        ("file", WORKBOOK),
        ("--note", _TEXT | {"metavar": "NỘI_DUNG", "help": "những gì thay đổi, một câu"}),
        ("--dry-run", _FLAG | {"help": "chỉ xem TOML và hồ sơ bị ảnh hưởng"}),
    )
    add("rules", with_workspace(list_rules), taken_in_lines, "các tệp quy định đã nhận")
    add(
        "touched-dossiers",
        with_workspace(show_touched),
        touched_in_lines,
        "hồ sơ đang làm có kết quả khác trước lần đổi quy định gần nhất (tệp quy định, bản chương trình mới)",
    )
    add("undo-rules", with_workspace(undo_rules), undone_in_lines, "bỏ tệp quy định nhận sau cùng")
    add(
        "law",
        show_law,
        law_in_lines,
        "danh mục căn cứ pháp lý: mỗi văn bản đã đọc hay chưa, văn bản nào sửa nó, quy định nào dẫn nó",
        ("number", {"nargs": "?", "default": "", "metavar": "SỐ_HIỆU", "help": "số hiệu; trống: cả danh mục"}),
        ("--tick", _TEXT | {"metavar": "ĐÃ_XEM_GÌ", "help": "ghi một người đã đối chiếu, đã xem bản nào"}),
        ("--confirm", _TEXT | {"metavar": "ĐÃ_XEM_GÌ", "help": "người thứ hai xác nhận lần đối chiếu đang chờ"}),
        ("--take-back", _TEXT | {"metavar": "LÝ_DO", "help": "rút lại lần đối chiếu mới nhất"}),
        ("--articles", _TEXT | {"metavar": "ĐIỀU", "help": "chỉ điều, khoản này; trống: cả văn bản"}),
        ("--officer", _TEXT | {"metavar": "HỌ_TÊN", "help": "người đối chiếu; trống: cán bộ của máy này"}),
        ("--until", _TEXT | {"metavar": "NGÀY", "help": "rà soát đến hết ngày; trống: hết năm"}),
    )
    add(
        "pack-law",
        with_workspace(pack_law),
        packed_in_lines,
        "ký văn bản đã nhập và đã đối chiếu thành một tệp quy định để chuyển đi (cấp tỉnh)",
        ("file", WORKBOOK),
        ("--note", _TEXT | {"metavar": "NỘI_DUNG", "help": "những gì thay đổi, một câu"}),
    )
    law_text_commands.add_commands(add)


def pack_rules(workspace: Workspace, options: Namespace) -> CommandResult:
    """Sign the rules of a folder as one file."""
    return updates.pack(workspace, Path(options.folder), Path(options.file), options.note)


def pack_norms(workspace: Workspace, options: Namespace) -> CommandResult:
    """Sign norms of support, given as lines of JSON, as one file."""
    territory = norm_drafts.NATIONAL if options.national else norm_drafts.own_territory(workspace)
    entries = norm_drafts.entries_of_json(read_text(Path(options.lines)))
    texts = norm_drafts.norm_file(workspace, territory, entries)
    return updates.pack_texts(workspace, texts, Path(options.file), options.note) | {"texts": texts}


def pack_entries(workspace: Workspace, options: Namespace) -> CommandResult:
    """Sign typed deadlines, advances or conditions as one file, or show the TOML and the touched dossiers."""
    subject = subject_of(options.subject)
    entries = entries_of_json(read_text(Path(options.entries)))
    texts = entry_files(workspace, subject, entries)
    result = {"texts": texts, "file": ""} | _touched_as_json(rule_changes.touched_by_files(workspace, texts))
    if options.dry_run:
        return result
    return result | updates.pack_texts(workspace, texts, Path(options.file), options.note or subject.label)


def entries_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the names of the files that were made, the touched dossiers, and what was written."""
    yield from (f"{name}: {len(content.splitlines())} dòng" for name, content in result["texts"].items())
    yield from touched_in_lines(result)
    yield from packed_in_lines(result) if result["file"] else ()


def pack_areas(workspace: Workspace, options: Namespace) -> CommandResult:
    """Sign a list of priority areas from a workbook as one file, or show which of its rows can be read."""
    first = optional_day(options.first) or workspace.today()
    rows = area_drafts.rows_in_file(workspace, Path(options.table), first)
    covers = [kind for kind in options.covers.split(",") if kind] or sorted({row.kind for row in rows if row.kind})
    draft = area_drafts.AreaDraft(
        document=options.document, first=first, last=optional_day(options.last), covers=tuple(covers), rows=tuple(rows)
    )
    shown = [{"row": row.number, "commune": row.name or row.commune, "problem": row.problem} for row in rows]
    if options.dry_run:
        return {"rows": shown, "file": ""}
    texts = area_drafts.area_file(workspace, draft)
    return updates.pack_texts(workspace, texts, Path(options.file), options.document) | {"rows": shown}


def packed_areas_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the rows that were refused, and what was written."""
    refused = [row for row in result["rows"] if row["problem"]]
    yield f"Nhận được {len(result['rows']) - len(refused)} xã, phường; {len(refused)} dòng chưa nhận được."
    yield from (f"  Dòng {row['row']}, {row['commune']}: {row['problem']}" for row in refused)
    if result["file"]:
        yield f"Đã ghi {result['file']}."


def take_rules(workspace: Workspace, options: Namespace) -> CommandResult:
    """Receive a rule file, or preview it, with the open dossiers that it touches."""
    preview = updates.preview_update(workspace, Path(options.file))
    is_new = not (preview.obstacle or preview.already)
    touched = rule_changes.touched_by_files(workspace, preview.rules.files) if is_new else []
    if not options.dry_run:
        updates.install_update(workspace, Path(options.file))
    result = preview.as_json_with_effects() | {"applied": not options.dry_run and not preview.already}
    return result | _touched_as_json(touched)


def show_touched(workspace: Workspace, _options: Namespace) -> CommandResult:
    """Return the open dossiers that the last change of rules, by a file or by another program, has touched."""
    seen_rules.note_rules(workspace)
    return _touched_as_json(seen_rules.touched_since(workspace))


def _touched_as_json(touched: Sequence[TouchedDossier]) -> CommandResult:
    return {
        "dossiers": [line.as_json() for line in touched],
        "touched_sentence": touched_dossiers.count_sentence(touched),
    }


def list_rules(workspace: Workspace, _options: Namespace) -> CommandResult:
    """List the received rule files."""
    return updates.installed_updates(workspace)


def undo_rules(workspace: Workspace, _options: Namespace) -> CommandResult:
    """Undo the rule file received last, and return which open dossiers that touches."""
    touched = rule_changes.touched_by_undoing(workspace) if updates.installed_updates(workspace) else []
    return updates.undo_update(workspace) | _touched_as_json(touched)


def show_law(options: Namespace) -> CommandResult:
    """Return the register, or one instrument with everything that cites it; without a store the shipped register."""
    if options.tick or options.confirm or options.take_back:
        return with_workspace(change_law)(options)
    forms = forms_in_force(options)
    if options.number:
        return instruments.instrument_json(forms, options.number, moments.today())
    return instruments.register_json(forms, moments.today())


def change_law(workspace: Workspace, options: Namespace) -> CommandResult:
    """Tick an instrument, confirm as the second person, or take it back; return the instrument as it counts now."""
    number, articles, officer = options.number, options.articles, options.officer
    before = workspace.forms
    if options.tick:
        until = optional_day(options.until, "until")
        checking.tick(workspace, number, options.tick, articles, officer=officer, until=until)
    if options.confirm:
        check = checking.waiting_check(workspace, number, articles)
        checking.confirm(workspace, check, options.confirm, officer=officer)
    if options.take_back:
        checking.take_back(workspace, checking.present_check(workspace, number, articles), options.take_back)
    touched = touched_dossiers.touched_dossiers(workspace, before, workspace.forms)
    return instruments.instrument_json(workspace.forms, number, workspace.today()) | _touched_as_json(touched)


def pack_law(workspace: Workspace, options: Namespace) -> CommandResult:
    """Sign what the office has entered and compared as one file of rules."""
    return updates.pack_texts(workspace, {}, Path(options.file), options.note)


def _day(moment: str) -> str:
    return text.format_date(moments.day(moment))


def packed_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the file, its number of rules and the key."""
    yield f"{result['file']}: {result['files']} tệp quy định, dấu khoá {result['fingerprint']}"


def preview_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield who made the file, what it changes, and whether it is in force."""
    yield f"{result['name']} ({result['unit']}), {_day(result['made_at'])}: {result['note'] or 'không ghi nội dung'}"
    yield from (f"- {change}" for change in result["changes"] or ["Không thay đổi gì."])
    for norm in result["norms"]:
        yield f"  {norm['label']}: {norm['before']} → {norm['after']}, từ {norm['from']} ({norm['source']})"
    if not result["already"] and not result["obstacle"]:
        yield result["sentence"]
    yield from (f"  * {proposal['title']}" for proposal in result["touched"])
    yield from touched_in_lines(result) if not result["already"] and not result["obstacle"] else ()
    if result["obstacle"]:
        yield result["obstacle"]
    elif result["already"]:
        yield "Tệp này đã nhận trước đây."
    else:
        yield "Đã nhận; áp dụng từ lần mở sau." if result["applied"] else "Chưa nhận (chỉ xem)."


def touched_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield how many open dossiers get another answer, and each with its topic, before and after."""
    yield result["touched_sentence"]
    for line in result["dossiers"]:
        yield f"  - {line['title']}. {line['topic']}, từ {_date(line['on'])}: {line['before']} → {line['after']}"


def taken_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield one line per file."""
    for update in result:
        yield f"{_day(update['taken_at'])}  {update['name']}: {update['note'] or ', '.join(update['files'])}"
    if not result:
        yield "Chưa nhận tệp quy định nào."


def undone_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield which file was undone."""
    yield f"Đã bỏ tệp quy định của {result['name']} lập ngày {_day(result['made_at'])}."
    yield from touched_in_lines(result)


def law_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield a few lines per instrument, or one instrument with everything that cites it."""
    for entry in result if isinstance(result, list) else [result]:
        yield from _instrument_lines(entry)
        yield from touched_in_lines(entry) if "dossiers" in entry else ()


def _instrument_lines(entry: dict[str, Any]) -> Iterator[str]:
    issued, since, until = (_date(entry[name]) for name in ("issued_on", "effective_from", "effective_to"))
    yield f"{entry['id']}{f' ngày {issued}' if issued else ''}, {entry['issuer']}: {entry['title']}"
    effect = f"từ {since}" if since else "chưa rõ từ ngày nào"
    yield f"  Hiệu lực: {effect}{f' đến {until}' if until else ''}; {entry['reading_label']}"
    for change in entry["changed_by"]:
        what = f" {change['articles']}" if change["articles"] else ""
        yield f"  Bị sửa đổi, thay thế{what} bởi {change['instrument']} ({READINGS[change['reading']]})"
    yield from (f"  Lưu ý: {caution['text']}" for caution in entry["cautions"])
    for check in entry["checks"]:
        second = check["confirmed_by"] or "chờ người thứ hai"
        yield f"  Đối chiếu {check['articles'] or 'cả văn bản'}: {check['checked_by']}; {second}"
    yield f"  {entry['cited']} quy định của chương trình dẫn văn bản này"
    yield from (f"    {at['file']}, {at['place']}: {at['source']}" for at in entry.get("citations", ()))


def _date(iso: str | None) -> str:
    return text.format_date(date.fromisoformat(iso)) if iso else ""
