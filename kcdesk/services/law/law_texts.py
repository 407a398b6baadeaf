"""The texts of legal instruments that the office has: kept in the store, searched, opened at the page of an article."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.foreign_files.file_names import shown_name
from kcdesk.formdef.law.citations import Citation, citations
from kcdesk.formdef.law.text_places import TextPages, TextPlace
from kcdesk.runtime.frozen import Value
from kcdesk.services.law.law_text_files import given_text, words_of
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.text import fold

KIND = "law_text"
_FILES, _PAGES = "files", "pages"
READING_COPY = "Bản đọc"  # caption of the PDF that the program made of another file
_MOST_HITS = 200
_SCANNED = "Bản quét không có chữ để tìm: hãy ghi trang của điều, khoản."


class LawText(Value):
    """The text of an instrument: the office's file, and the PDF that is read, which may be the same."""

    record: str
    instrument: str
    original: dict[str, Any]
    reading: dict[str, Any]
    noted: tuple[tuple[str, int], ...] = ()  # articles with the page that an officer wrote down

    @property
    def is_copy(self) -> bool:
        """Whether the pages are those of a reading copy, not of the office's file."""
        return self.reading is not self.original


class OpenPlace(Value):
    """A text to be opened at a page (from 1), and what stands there; `is_sure`: the page is that of the article."""

    text: LawText
    page: int
    piece: str = ""
    is_sure: bool = True


def add_text(workspace: Workspace, number: str, path: Path) -> Changes:
    """Keep a file as the text of an instrument of the register, in place of the one before; one act, can be undone.

    UserError `no_instrument`, or why the file is not taken.
    """
    instrument = _instrument(workspace, number)
    given = given_text(path)
    files = workspace.store.files
    entries = [files.add(given.content, given.name)]
    if given.reading_copy is not None:
        entries.append(files.add(given.reading_copy, f"{path.stem}.pdf") | {"caption": READING_COPY})
    known = text_of(workspace, instrument)
    if known is None:
        return changing.add(workspace, KIND, {"instrument": instrument, _FILES: entries})
    return changing.save(workspace, known.record, {_FILES: entries, _PAGES: None}, f"Thay bản {instrument}").changes


def remove_text(workspace: Workspace, number: str) -> Changes:
    """Remove the text of an instrument; can be undone. UserError `no_text`."""
    return changing.delete(workspace, _known(workspace, number).record)


def note_page(workspace: Workspace, number: str, articles: str, page: int) -> Changes:
    """Write down on which page an article stands, in place of an earlier note. UserError `no_text`, `bad_page`."""
    known = _known(workspace, number)
    count = len(pages_of(workspace, known).pages)
    if not 1 <= page <= count:
        raise UserError(
            f"Bản {known.instrument} có {count} trang, không có trang {page}.",
            code="bad_page",
            hint=f"Hãy ghi một số từ 1 đến {count}.",
            field="page",
        )
    kept = [(own, at) for own, at in known.noted if fold(own) != fold(articles)]
    rows = [{"articles": own, "page": at} for own, at in (*kept, (articles, page))]
    return changing.set_values(workspace, known.record, {_PAGES: rows})


def texts(workspace: Workspace) -> dict[str, LawText]:
    """The texts of the office by number of instrument."""
    known = {}
    for stored in workspace.store.page(KIND, limit=1_000):
        files = stored.data.get(_FILES) or []
        if files:
            noted = tuple((str(row["articles"]), int(row["page"])) for row in _rows(stored.data) if row.get("page"))
            number = str(stored.data.get("instrument", ""))
            known[number] = LawText(stored.id, number, files[0], _reading(files), noted)
    return known


def text_of(workspace: Workspace, number: str) -> LawText | None:
    """The text of an instrument; None if the office has none."""
    return texts(workspace).get(number)


def content_of(workspace: Workspace, law_text: LawText) -> bytes:
    """The PDF that is read. UserError `not_found` if it did not come with the record."""
    return workspace.store.files.read(law_text.reading["sha256"])


def pages_of(workspace: Workspace, law_text: LawText) -> TextPages:
    """The words of its pages, read once as long as the program runs; none if its file is not here."""
    sha256 = law_text.reading["sha256"]
    if not workspace.store.files.has(sha256):
        return TextPages(())
    return workspace.forms.once(("law text", sha256), lambda: words_of(content_of(workspace, law_text)))


def is_readable(source: str, known: Container[str]) -> bool:
    """Whether a source cites one of these instruments, such as those of `texts`."""
    return any(citation.instrument in known for citation in citations(source))


def places_of(workspace: Workspace, source: str) -> list[OpenPlace]:
    """Where the articles of a source can be read: one place for each cited instrument whose text the office has.

    Page 1 where the article is not found.
    """
    known = texts(workspace)
    cited = [citation for citation in citations(source) if citation.instrument in known]
    return [_place(workspace, known[citation.instrument], citation) for citation in dict.fromkeys(cited)]


def find_words(
    workspace: Workspace, typed: str, most: int = _MOST_HITS, *, among: Iterable[LawText] | None = None
) -> list[OpenPlace]:
    """The pages of these texts, or of all, that have all typed words, with a piece of text around them."""
    searched = texts(workspace).values() if among is None else among
    hits = (
        OpenPlace(law_text, place.page, place.piece)
        for law_text in searched
        for place in pages_of(workspace, law_text).pages_with(typed)
    )
    return list(islice(hits, most))


def described(workspace: Workspace, law_text: LawText | None) -> Iterator[str]:
    """What is said of the text of an instrument, None for none: its file, its pages, whether it can be searched."""
    if law_text is None:
        yield "Cơ quan chưa có bản văn bản này trong kho."
        return
    if not workspace.store.files.has(law_text.reading["sha256"]):
        name = shown_name(law_text.original["name"])
        yield f"Bản của cơ quan: {name}; tệp không có trong kho này, hãy thay bản khác."
        return
    pages = pages_of(workspace, law_text)
    copy = " của bản đọc do chương trình lập" if law_text.is_copy else ""
    yield f"Bản của cơ quan: {shown_name(law_text.original['name'])}, {len(pages.pages)} trang{copy}."
    yield from [] if pages.has_words else [_SCANNED]
    yield from (f"Đã ghi: {articles} ở trang {page}." for articles, page in law_text.noted)


def _place(workspace: Workspace, law_text: LawText, citation: Citation) -> OpenPlace:
    if noted := _noted(law_text, citation):
        return OpenPlace(law_text, noted)
    at: TextPlace | None = pages_of(workspace, law_text).place(citation)
    return OpenPlace(law_text, at.page, at.piece) if at else OpenPlace(law_text, 1, is_sure=not citation.articles)


def _noted(law_text: LawText, citation: Citation) -> int:
    """The page that an officer wrote down for the article, else for one that contains it; 0 for none."""
    exact = [page for articles, page in law_text.noted if fold(articles) == fold(citation.articles)]
    around = [page for articles, page in law_text.noted if _covers(articles, citation)]
    return next(iter([*exact, *around]), 0)


def _covers(articles: str, citation: Citation) -> bool:
    noted = Citation(citation.instrument, articles)
    return bool(noted.parts) and bool(citation.parts) and noted.overlaps(citation)


def _rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    rows = data.get(_PAGES)
    return [row for row in rows if isinstance(row, dict) and row.get("articles")] if isinstance(rows, list) else []


def _reading(files: list[dict[str, Any]]) -> dict[str, Any]:
    return next((file for file in files if file.get("caption") == READING_COPY), files[0])


def _instrument(workspace: Workspace, number: str) -> str:
    entry = workspace.forms.law.get(number)
    if entry is None:
        raise UserError(
            f"Danh mục căn cứ pháp lý không có văn bản «{number}».",
            code="no_instrument",
            hint="Gõ kcdesk law để xem danh mục.",
            field="number",
        )
    return entry.id


def _known(workspace: Workspace, number: str) -> LawText:
    instrument = _instrument(workspace, number)
    law_text = text_of(workspace, instrument)
    if law_text is None:
        raise UserError(
            f"Cơ quan chưa có bản {instrument} trong kho.", code="no_text", hint="Hãy thêm bản văn bản trước."
        )
    return law_text
