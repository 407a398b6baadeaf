"""The commands of help: a page of the handbook as text, the two sheets for the bag."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kcdesk import handbook
from kcdesk.cli.given_paths import FILE
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.services.guidance import printed_page, topic_pages


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands to the parser."""
    add(
        "help",
        show_page,
        page_in_lines,
        "hướng dẫn: mục lục, hoặc một trang, cả cho một ô (proposal.title)",
        ("topic", {"nargs": "?", "default": handbook.CONTENTS, "metavar": "CHỦ_ĐỀ"}),
    )
    add(
        "guide",
        write_field_guide,
        guide_in_lines,
        "in sổ tay hiện trường: hai trang A4 mang theo khi đi nghiệm thu",
        ("pdf", FILE | {"metavar": "TỆP.pdf", "help": "tệp PDF nhận kết quả"}),
    )


def show_page(options: Namespace) -> dict[str, Any]:
    """Return a page of the handbook; the contents with every topic when none is asked for."""
    if not topic_pages.has_page(options.topic):
        raise UserError(
            f"Không có trang hướng dẫn «{options.topic}».", code="no_page", hint="Gõ kcdesk help để xem mục lục."
        )
    page = topic_pages.page_of((options.topic,))
    known = handbook.shipped_pages().values() if options.topic == handbook.CONTENTS else ()
    return {
        "topic": page.topic,
        "title": page.title,
        "text": page.text,
        "pages": [{"topic": other.topic, "title": other.title} for other in known],
    }


def write_field_guide(options: Namespace) -> dict[str, Any]:
    """Write the field guide as PDF."""
    path = Path(options.pdf)
    printed_page.print_field_guide(path)
    return {"path": str(path)}


def guide_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield where the guide is."""
    assert isinstance(result, dict)
    yield f"Sổ tay hiện trường: {result['path']}"


def page_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the page as plain text; of the contents, the list of topics."""
    assert isinstance(result, dict)
    if not result["pages"]:
        yield handbook.in_plain_text(handbook.HelpPage(result["topic"], result["title"], result["text"]))
        return
    width = max(len(page["topic"]) for page in result["pages"])
    yield f"{result['title']}: kcdesk help CHỦ_ĐỀ\n"
    yield from (f"  {page['topic']:{width}}  {page['title']}" for page in result["pages"])
