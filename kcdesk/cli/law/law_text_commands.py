"""The command `law-text`: the texts of instruments that the office has."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.services.law import law_texts
from kcdesk.services.law.law_texts import LawText, OpenPlace
from kcdesk.services.workspace import Workspace

_TEXT = {"default": ""}


def add_commands(add: Callable[..., None]) -> None:
    """Add the command with `add` of the parser."""
    add(
        "law-text",
        with_workspace(law_text),
        law_text_in_lines,
        "bản văn bản pháp lý mà cơ quan có: thêm, thay, bỏ, tìm chữ, tìm trang của điều khoản",
        ("number", {"nargs": "?", "default": "", "metavar": "SỐ_HIỆU", "help": "số hiệu; trống: mọi bản"}),
        ("--text", FILE | MAY_BE_MISSING | {"help": "thêm hoặc thay bản: tệp PDF, Word (.docx), ảnh chụp trang"}),
        ("--remove", {"action": "store_true", "help": "bỏ bản này (undo lấy lại được)"}),
        ("--find", _TEXT | {"metavar": "CHỮ", "help": "tìm chữ trong các bản, có dấu hay không dấu"}),
        ("--article", _TEXT | {"metavar": "ĐIỀU", "help": 'trang của điều khoản, ví dụ "Khoản 2 Điều 8"'}),
        ("--page", {"type": int, "default": 0, "metavar": "TRANG", "help": "cùng --article: ghi trang của điều khoản"}),
    )


def law_text(workspace: Workspace, options: Namespace) -> CommandResult:
    """Change, search or list the texts; {"changed", "texts", "places"}."""
    changed = _changed(workspace, options)
    known = law_texts.texts(workspace)
    if options.number and not changed:
        entry = workspace.forms.law.get(options.number)
        known = {number: own for number, own in known.items() if entry is not None and number == entry.id}
    places = _places(workspace, options, known)
    return {
        "changed": changed,
        "texts": [_text_as_json(workspace, own) for own in known.values()],
        "places": [_place_as_json(place) for place in places],
    }


def law_text_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield what was changed, the texts, and the places."""
    yield from filter(None, (result["changed"],))
    for own in result["texts"] if not result["places"] else ():
        wordless = "" if own["words"] else ", không có chữ để tìm"
        yield f"{own['instrument']}: {own['file']}, {own['pages']} trang{wordless}"
    for place in result["places"]:
        unsure = "" if place["sure"] else " (không tìm được chỗ của điều khoản: đầu văn bản)"
        yield f"{place['instrument']}, trang {place['page']}{unsure}: {place['text']}".removesuffix(": ")
    if not result["texts"]:
        yield "Cơ quan chưa có bản văn bản nào trong kho."


def _changed(workspace: Workspace, options: Namespace) -> str:
    """Do what the options ask for; returns the act in words, "" for none."""
    if (options.text or options.remove or options.article) and not options.number:
        raise UserError(
            "Chưa có số hiệu văn bản.", code="no_instrument", hint='Ví dụ: kcdesk law-text "TT 36/2013/TT-BCT"'
        )
    if options.page and not options.article:
        raise UserError("--page cần --article.", code="bad_page", hint='Ví dụ: --article "Điều 8" --page 12')
    if options.text:
        return law_texts.add_text(workspace, options.number, Path(options.text)).action
    if options.remove:
        return law_texts.remove_text(workspace, options.number).action
    if options.page:
        return law_texts.note_page(workspace, options.number, options.article, options.page).action
    return ""


def _places(workspace: Workspace, options: Namespace, known: dict[str, LawText]) -> list[OpenPlace]:
    if options.find:
        return law_texts.find_words(workspace, options.find, among=known.values())
    if options.article:
        return law_texts.places_of(workspace, f"{options.article} {next(iter(known), options.number)}")
    return []


def _text_as_json(workspace: Workspace, own: LawText) -> dict[str, Any]:
    pages = law_texts.pages_of(workspace, own)
    return {
        "instrument": own.instrument,
        "file": own.original["name"],
        "pages": len(pages.pages),
        "words": pages.has_words,
        "noted": [{"articles": articles, "page": page} for articles, page in own.noted],
    }


def _place_as_json(place: OpenPlace) -> dict[str, Any]:
    return {"instrument": place.text.instrument, "page": place.page, "text": place.piece, "sure": place.is_sure}
