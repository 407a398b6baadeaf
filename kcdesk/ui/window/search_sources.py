"""Where the search over everything looks: actions of the menus and of the page in front, records, handbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from kcdesk import handbook
from kcdesk.services.law import law_texts
from kcdesk.services.records import finding, reading
from kcdesk.services.reporting import choices_offered
from kcdesk.text import all_begin, format_integer, lower_first, tokens
from kcdesk.ui.window.keys_help import shown_keys
from kcdesk.ui.window.search_hits import HitGroup, HitSource, SearchHit

if TYPE_CHECKING:
    from kcdesk.handbook import HelpPage
    from kcdesk.services.law.law_texts import OpenPlace
    from kcdesk.services.records.finding import FoundRecord, KindResult
    from kcdesk.services.workspace import Workspace
    from kcdesk.ui.shell.page import Page

ShowMatches = Callable[[str, str, Mapping[str, Any]], object]  # a kind, what is searched, what is filtered
_PER_KIND = 5
_ACTIONS = 6
_PAGES = 4
_SHORTEST = 3  # letters of a search that also looks into legal texts
_PERSON, _RIGHTS = "Dữ liệu về một người", "Quyền của cá nhân"
_RECORD_RANK = 100  # of the kind with the best record; the following ones have less


def action_source(actions: Mapping[str, QAction], page: Callable[[], Page]) -> HitSource:
    """Find what the menus offer, with its keys, and the commands of the page in front."""

    def find(text: str) -> Sequence[HitGroup]:
        results = list(_matching(text, (*_of_menus(actions), *_of_page(page()))))
        if not results:
            return ()
        whole = any(tokens(text) == tokens(hit.title)[: len(tokens(text))] for hit in results)
        return (HitGroup("Việc", results[:_ACTIONS], rank=2 * _RECORD_RANK if whole else 0),)

    return find


def settings_source(page: Callable[[], Page | None], go: Callable[[], object]) -> HitSource:
    """Find what the buttons of the settings do, once they were shown: the page comes forward, its button is pressed."""

    def find(text: str) -> Sequence[HitGroup]:
        settings = page()
        if settings is None:
            return ()
        buttons = [button for button in settings.findChildren(QPushButton) if button.isEnabled() and button.text()]
        shown = [button for button in buttons if button.isVisibleTo(settings)]
        hits = [SearchHit(button.text().rstrip("…"), partial(_press, button, go)) for button in shown]
        fitting = list(_matching(text, hits))[:_ACTIONS]
        return (HitGroup(settings.title, fitting, rank=_RECORD_RANK // 2 + 3),) if fitting else ()

    return find


def _press(button: QPushButton, go: Callable[[], object]) -> None:
    go()
    button.setFocus()
    button.click()


def _of_menus(actions: Mapping[str, QAction]) -> Iterator[SearchHit]:
    for action in actions.values():
        label = action.text().split("\t")[0].replace("&", "").rstrip("…")
        if action.isEnabled():
            yield SearchHit(label, action.trigger, shown_keys(action.shortcut()))


def _of_page(page: Page) -> Iterator[SearchHit]:
    main = page.main_action()
    for command in (*([main] if main else []), *page.commands().values(), *page.other_steps()):
        yield SearchHit(command.label.rstrip("…"), command.run, piece=command.hint)


def _matching(text: str, offered: Sequence[SearchHit]) -> Iterator[SearchHit]:
    """Yield the hits whose title has every typed word, each label once, those that begin so first."""
    words = tokens(text)
    by_label = {hit.title: hit for hit in reversed(offered)}
    fitting = [hit for hit in by_label.values() if all_begin(words, tokens(hit.title))]
    yield from sorted(fitting, key=lambda hit: (tokens(hit.title)[: len(words)] != words, hit.title))


def record_source(workspace: Workspace, open_record: Callable[[str], object], show_all: ShowMatches) -> HitSource:
    """Find records of every kind, with the field in which the words stand and the number of all; and their lists."""

    def find(text: str) -> Sequence[HitGroup]:
        results = finding.find(workspace, text, _PER_KIND)
        groups = [_group(result, _RECORD_RANK - place, open_record, show_all) for place, result in enumerate(results)]
        words = tokens(text)
        lists = list(_lists(workspace, words, show_all))
        is_named = any(tokens(hit.title) == words for hit in lists)
        rank = 2 * _RECORD_RANK if is_named else _RECORD_RANK // 2 + 1
        return [*groups, HitGroup("Danh sách", lists[:_ACTIONS], rank=rank)] if lists else groups

    return find


def _lists(workspace: Workspace, words: Sequence[str], show_all: ShowMatches) -> Iterator[SearchHit]:
    """Yield the lists of the kinds that the words name, also empty ones."""
    for kind in workspace.forms.kinds:
        form = reading.form_of(workspace, kind)
        if words and any(all_begin(words, tokens(label)) for label in (form.plural, form.label)):
            yield SearchHit(form.plural, partial(show_all, kind, "", {}))


def _group(result: KindResult, rank: int, open_record: Callable[[str], object], show_all: ShowMatches) -> HitGroup:
    hits = [_record_hit(record, open_record) for record in result.records]
    more = None
    if result.total > len(hits):
        what = f"{format_integer(result.total)} {lower_first(result.form.plural)}"
        see = partial(show_all, result.form.id, result.search, result.where)
        more = SearchHit(f"{what} – xem trong danh sách", see)
    return HitGroup(result.form.plural, hits, more, rank)


def _record_hit(record: FoundRecord, open_record: Callable[[str], object]) -> SearchHit:
    row = record.row
    former = f"{row.former[:1].upper()}{row.former[1:]}" if row.former else ""
    return SearchHit(row.title, partial(open_record, row.id), row.state_label, record.label, record.piece or former)


def report_source(workspace: Workspace, show_report: Callable[[str], object]) -> HitSource:
    """Find reports by their title, their heading or a figure."""

    def find(text: str) -> Sequence[HitGroup]:
        fitting = [report for report in choices_offered.listed(workspace) if choices_offered.matches(report, text)]
        hits = [SearchHit(report.title, partial(show_report, report.name), report.heading) for report in fitting]
        titled = any(all_begin(tokens(text), tokens(report.title)) for report in fitting)
        return (HitGroup("Báo cáo", hits[:_ACTIONS], rank=_RECORD_RANK // 2 + 2 if titled else 0),) if hits else ()

    return find


def help_source(show_topic: Callable[[str], object]) -> HitSource:
    """Find pages of the handbook: by their title first, then those whose text has the very phrase."""

    def find(text: str) -> Sequence[HitGroup]:
        words = tokens(text)
        pages = handbook.shipped_pages()
        titled = [page for topic, page in pages.items() if all_begin(words, _words(topic).title)]
        named = {page.topic for page in titled}
        rest = [page for topic, page in pages.items() if topic not in named and all_begin(words, _words(topic).text)]
        rest.sort(key=lambda page: not _follow_each_other(words, _words(page.topic).text))
        hits = [_help_hit(page, words, show_topic) for page in (*titled, *rest)[:_PAGES]]
        return (HitGroup("Hướng dẫn", hits, rank=_RECORD_RANK // 2 if titled else -1),) if hits else ()

    return find


def _follow_each_other(words: Sequence[str], text: Sequence[str]) -> bool:
    """Whether the words stand in a text one after the other, as they were typed."""
    length = len(words)
    return any(text[place : place + length] == words for place in range(len(text) - length + 1))


class PageWords(NamedTuple):
    """The words of a page of the handbook, as the search compares them."""

    title: Sequence[str]
    text: Sequence[str]


@cache
def _words(topic: str) -> PageWords:
    """Return the words of a page; kept, since every search looks at all pages."""
    page = handbook.shipped_pages()[topic]
    return PageWords(tokens(page.title), tokens(page.text))


def _help_hit(page: HelpPage, words: Sequence[str], show_topic: Callable[[str], object]) -> SearchHit:
    run = partial(show_topic, page.topic)
    if all_begin(words, _words(page.topic).title):
        return SearchHit(page.title, run, "F1")
    return SearchHit(page.title, run, "F1", piece=finding.piece(handbook.in_running_text(page), words))


def text_source(workspace: Workspace, open_place: Callable[[OpenPlace], object]) -> HitSource:
    """The pages of the office's legal texts that have the words; Enter opens the page."""

    def find(typed: str) -> Sequence[HitGroup]:
        if len(typed.strip()) < _SHORTEST:
            return ()
        places = law_texts.find_words(workspace, typed, _ACTIONS)
        return (HitGroup("Văn bản pháp lý", [_text_hit(place, open_place) for place in places]),) if places else ()

    return find


def _text_hit(place: OpenPlace, open_place: Callable[[OpenPlace], object]) -> SearchHit:
    title = f"{place.text.instrument}, trang {place.page}"
    return SearchHit(title, partial(open_place, place), place.text.original["name"], "", place.piece)


def person_source(show_person: Callable[[], object]) -> HitSource:
    """Offer the page of everything about a person, by its name."""

    def find(text: str) -> Sequence[HitGroup]:
        words = tokens(text)
        if all_begin(words, tokens(_PERSON)):
            whole = words == tokens(_PERSON)[: len(words)]
            hit, rank = SearchHit(_PERSON, show_person), 2 * _RECORD_RANK if whole else 0
            return [HitGroup(_RIGHTS, [hit], rank=rank)]
        return []

    return find
