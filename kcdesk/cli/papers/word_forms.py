"""Commands for an office's own Word files: fields, a file to begin with, check, take in, choose, sign."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING, WORKBOOK
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.services.papers.own_forms import kept_forms
from kcdesk.services.rulebook import word_packs
from kcdesk.services.workspace import Workspace

_TEXT = {"default": ""}
_PAPER = ("paper", {"metavar": "GIẤY", "help": "tên của giấy, như minutes_5a"})
_FORM = ("file", FILE | {"metavar": "MẪU.docx"})


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "word-fields",
        with_workspace(list_fields),
        fields_in_lines,
        "các chỗ điền mà mẫu Word của một giấy dùng được",
        _PAPER,
        ("--search", _TEXT | {"metavar": "CHỮ", "help": "tìm không cần dấu"}),
        ("--record", _TEXT | {"metavar": "MÃ", "help": "kèm giá trị của hồ sơ này thay cho ví dụ"}),
    )
    add(
        "word-start",
        with_workspace(write_start),
        start_in_lines,
        "lưu mẫu Word ban đầu của một giấy: bố cục của chương trình với các chỗ điền",
        _PAPER,
        ("file", FILE | {"metavar": "MẪU.docx"}),
        ("--record", _TEXT | {"metavar": "MÃ", "help": "chỉ các phần mà hồ sơ này có (nguồn kinh phí, nội dung…)"}),
    )
    add(
        "word-check",
        with_workspace(check_form),
        check_in_lines,
        "kiểm tra một mẫu Word, chưa nhận; điền thử bằng số liệu ví dụ hoặc bằng một hồ sơ",
        _PAPER,
        _FORM,
        ("--record", _TEXT | {"metavar": "MÃ", "help": "điền thử bằng hồ sơ này"}),
        ("--docx", MAY_BE_MISSING | FILE | {"help": "ghi giấy điền thử thành tệp Word"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "ghi giấy điền thử thành PDF (cần LibreOffice)"}),
    )
    add(
        "word-take",
        with_workspace(take_form),
        taken_in_lines,
        "nhận một mẫu Word của đơn vị: từ nay giấy ấy in theo mẫu này",
        _PAPER,
        _FORM,
        ("--label", _TEXT | {"metavar": "TÊN", "help": "tên của mẫu"}),
    )
    add(
        "word-forms",
        with_workspace(list_forms),
        forms_in_lines,
        "các mẫu Word đang giữ, mẫu nào đang dùng",
        ("paper", {"nargs": "?", "default": "", "metavar": "GIẤY"}),
    )
    add(
        "word-use",
        with_workspace(use_form),
        forms_in_lines,
        "chọn cách in một giấy: một mẫu Word (own@2, rules@1) hoặc bố cục của chương trình (program)",
        _PAPER,
        ("choice", {"metavar": "CÁCH_IN"}),
    )
    add(
        "word-pack",
        with_workspace(pack_forms),
        packed_in_lines,
        "ký các mẫu Word đang dùng thành một tệp quy định để chuyển đi (cấp tỉnh)",
        ("file", WORKBOOK),
        ("papers", {"nargs": "*", "metavar": "GIẤY", "help": "trống: mọi giấy có mẫu"}),
        ("--note", _TEXT | {"metavar": "NỘI_DUNG", "help": "những gì thay đổi, một câu"}),
    )


def list_fields(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the placeholders of a paper with a value of each."""
    from kcdesk.services.papers.own_forms import taking, values  # they load docx

    offered = taking.fields_offered(workspace, options.paper, options.search)
    shown = {}
    if options.record:
        shown = taking.values_on_paper(workspace, workspace.store.record(options.record), options.paper, offered)
    return [
        {
            "placeholder": item.tag,
            "label": item.label,
            "group": item.group,
            "repeats": item.repeats,
            "value": shown.get(item.name, values.sample_of(item)),
        }
        for item in offered
    ]


def write_start(workspace: Workspace, options: Namespace) -> CommandResult:
    """Write the Word file to begin with."""
    from kcdesk.services.papers.own_forms import taking  # it loads docx

    example = workspace.store.record(options.record) if options.record else None
    taking.write_starting_form(workspace, options.paper, Path(options.file), example)
    return {"file": options.file}


def check_form(workspace: Workspace, options: Namespace) -> CommandResult:
    """Check a Word file; fill it to try it if asked."""
    from kcdesk.services.papers.own_forms import taking  # it loads docx

    form = taking.check_file(workspace, options.paper, Path(options.file))
    result = form.as_json()
    docx, pdf = (Path(given) if given else None for given in (options.docx, options.pdf))
    if form.faults or not (docx or pdf):
        return result
    if options.record:
        record = workspace.store.record(options.record)
        document = taking.record_document(workspace, options.paper, form, record)
    else:
        document = taking.sample_document(taking.layout_named(workspace, options.paper), form)
    taking.write_document(document, docx=docx, pdf=pdf)
    return result | {name: str(path) for name, path in (("docx", docx), ("pdf", pdf)) if path}


def take_form(workspace: Workspace, options: Namespace) -> CommandResult:
    """Take a Word file in."""
    from kcdesk.services.papers.own_forms import taking  # it loads docx

    return taking.take_in(workspace, options.paper, Path(options.file), options.label).as_json()


def list_forms(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the Word files, with the one in use of each paper."""
    forms = kept_forms.every_form(workspace, options.paper)
    in_use = {form.layout: kept_forms.form_in_use(workspace, form.layout) for form in forms}
    return [form.as_json() | {"choice": form.choice, "in_use": form == in_use[form.layout]} for form in forms]


def use_form(workspace: Workspace, options: Namespace) -> CommandResult:
    """Choose what writes a paper."""
    kept_forms.use(workspace, options.paper, options.choice)
    return list_forms(workspace, options)


def pack_forms(workspace: Workspace, options: Namespace) -> CommandResult:
    """Sign Word files for the units below."""
    return word_packs.pack_forms(workspace, options.papers, Path(options.file), options.note)


def fields_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield a line per placeholder, below the heading of its group."""
    group = None
    for item in result:
        if item["group"] != group:
            group = item["group"]
            yield group
        yield f"  {item['placeholder']}  {item['label']}{' (dòng tự lặp)' if item['repeats'] else ''}: {item['value']}"
    if not result:
        yield "Không có chỗ điền nào như vậy."


def start_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the file."""
    yield f"Đã lưu mẫu Word ban đầu: {result['file']}"


def check_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield every fault, then what was written."""
    yield from (fault["sentence"] for fault in result["faults"])
    yield from result["notes"]
    if result["usable"]:
        yield f"Mẫu dùng được, {len(result['placeholders'])} chỗ điền."
    yield from (f"Đã ghi {result[name]}" for name in ("docx", "pdf") if name in result)


def taken_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield which version was taken in."""
    yield f"Đã nhận mẫu «{result['label']}», bản {result['version']}; giấy {result['paper']} in theo mẫu này."


def forms_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield one line per Word file."""
    for form in result:
        mark = "đang dùng" if form["in_use"] else ""
        yield f"{form['paper']}  {form['choice']:9}  {form['label']} ({form['unit_name']})  {mark}".rstrip()
    if not result or not any(form["in_use"] for form in result):
        yield "Giấy in theo bố cục của chương trình."


def packed_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the file, its number of forms and the key."""
    yield f"{result['file']}: {result['files']} mẫu Word, dấu khoá {result['fingerprint']}"
