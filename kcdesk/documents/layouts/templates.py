"""The sandbox that fills the texts of layouts, and its filters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from kcdesk import moments, text
from kcdesk.documents import blank_marks
from kcdesk.documents.blocks import Inline
from kcdesk.documents.layouts.bounded_templates import STEP, Turns, count_turns, joined_within, refuse_unbounded
from kcdesk.documents.paper_values import Missing, PaperValue, stored
from kcdesk.formdef.law import citations
from kcdesk.runtime.frozen import Value

Names = Mapping[str, Any]
_SYNTAX = SandboxedEnvironment()  # only parses texts; `Templates` fills them


class Mentions(Value):
    """What a text mentions: filters, names, and attributes of names as (name, attribute)."""

    filters: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    attributes: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=4096)
def _mentions(source: str) -> Mentions:
    """What a text mentions, without the variables of its own loops."""
    if "{" not in source:
        return Mentions()
    tree = _SYNTAX.parse(source)
    refuse_unbounded(tree)
    return _mentioned(tree)


def _mentioned(tree: nodes.Template) -> Mentions:
    filters: set[str] = set()
    names: set[str] = set()
    own: set[str] = set()
    attributes: list[tuple[str, str]] = []
    for node in tree.find_all((nodes.Filter, nodes.Name, nodes.Getattr, nodes.For)):
        if isinstance(node, nodes.Filter):
            filters.add(node.name)
        elif isinstance(node, nodes.Name):
            (names if node.ctx == "load" else own).add(node.name)
        elif isinstance(node, nodes.For):
            own.add("loop")
        elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            attributes.append((node.node.name, node.attr))
    return Mentions(frozenset(filters), frozenset(names - own), tuple(attributes))


class Templates:
    """Fills texts and evaluates expressions; each is compiled once."""

    def __init__(self) -> None:
        self._environment = SandboxedEnvironment(undefined=StrictUndefined, finalize=_printed)
        self._environment.filters = dict(FILTERS)
        self._turns = Turns()
        self._environment.globals = {"tick": blank_marks.tick, STEP: self._turns}
        self._texts: dict[str, Any] = {}
        self._expressions: dict[str, Any] = {}

    @property
    def globals(self) -> frozenset[str]:
        """The names that every text may use."""
        return frozenset(self._environment.globals) - {STEP}

    @property
    def filters(self) -> frozenset[str]:
        """The filters that every text may use."""
        return frozenset(self._environment.filters)

    def mentions(self, source: str) -> Mentions:
        """What a text mentions; jinja2.TemplateSyntaxError if it cannot be parsed."""
        return _mentions(source)

    def text(self, source: str, scope: Names) -> Inline:
        """The text with its placeholders filled."""
        if "{" not in source:
            return (source,) if source else ()
        if source not in self._texts:
            tree = self._environment.parse(source)
            refuse_unbounded(tree)
            self._texts[source] = self._environment.from_string(count_turns(tree))
        self._turns.begin()
        return blank_marks.to_inline(joined_within(self._texts[source].generate(scope)))

    def value(self, source: str, scope: Names) -> Any:
        """The value of an expression; jinja2.TemplateError if it is undefined."""
        if source not in self._expressions:
            refuse_unbounded(self._environment.parse(f"{{{{ {source} }}}}"))
            self._expressions[source] = self._environment.compile_expression(source, undefined_to_none=False)
        value = self._expressions[source](**scope)
        if isinstance(value, Undefined):
            raise TemplateError(f"không có “{source}”")
        return value


def _printed(value: object) -> object:
    """Print None as a blank."""
    return Missing() if value is None else value


def _number(value: object) -> object:
    """1250000 as 1.250.000, "46.7" as 46,7; missing and "" stay as they are."""
    plain = stored(value)
    if isinstance(plain, Missing) or plain == "":
        return plain
    return text.format_integer(plain) if isinstance(plain, int) else text.format_decimal(Decimal(str(plain)))


def _money(value: object) -> str:
    """1250000 as 1.250.000 đồng."""
    return f"{_number(value)} đồng"


def _money_words(value: object) -> object:
    """1250000 as Một triệu hai trăm năm mươi nghìn đồng."""
    plain = stored(value)
    return Missing(60) if isinstance(plain, Missing) else text.money_in_words(int(plain))


def _date(value: object) -> str:
    """2026-03-05 as 05/3/2026."""
    plain = stored(value)
    if plain is None or isinstance(plain, Missing):
        return f"{blank_marks.blank(4)}/{blank_marks.blank(4)}/{blank_marks.blank(6)}"
    return text.format_date(_as_date(plain))


def _date_words(value: object) -> str:
    """2026-03-05 as ngày 05 tháng 3 năm 2026."""
    plain = stored(value)
    if plain is None or isinstance(plain, Missing):
        return f"ngày {blank_marks.blank(5)} tháng {blank_marks.blank(5)} năm {blank_marks.blank(7)}"
    return text.date_in_words(_as_date(plain))


def _time_words(value: object) -> str:
    """08:30 as 08 giờ 30 phút."""
    plain = stored(value)
    if plain is None or isinstance(plain, Missing):
        return f"{blank_marks.blank(5)} giờ {blank_marks.blank(5)} phút"
    hour, minute = str(plain).split(":")[:2]
    return f"{hour} giờ {minute} phút"


def _moment(value: object) -> str:
    """2026-03-05T08:30:12 as 08:30 ngày 05/3/2026."""
    at = moments.as_written(str(stored(value)))
    return f"{at:%H:%M} ngày {_date(at.date().isoformat())}"


def _as_date(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _upper(value: object) -> object:
    """The text in capitals; a blank stays a blank."""
    return value if isinstance(value, Missing) else str(value).upper()


def _lower(value: object) -> object:
    """The text in small letters; a blank stays a blank."""
    return value if isinstance(value, Missing) else str(value).lower()


def _sentence(value: object) -> str:
    """The text with a capital at its beginning."""
    return text.upper_first(str(value))


def _within(value: object) -> object:
    """The text with a small first letter and legal texts named in full, for a sentence; a blank stays a blank."""
    return value if isinstance(value, Missing) else text.lower_first(citations.in_full(str(value)))


def _attached(fields: Sequence[Any]) -> object:
    """The captions of the files in several fields, or only their number if there are more than twenty."""
    count = sum(map(_length, fields))
    return _listed(fields) if count <= _MAX_CAPTIONS else f"{count} ảnh, tài liệu"


_MAX_CAPTIONS = 20


def _length(value: Iterable[object]) -> int:
    """The number of items; 0 if the value is missing."""
    return sum(1 for _ in value)


def _official_number(value: object, kind: str, office: object) -> str:
    """5 as 05/BB-SCT; a number with a slash stays as it is."""
    number = str(value)
    if "/" in number:
        return number
    return f"{number.zfill(2) if number.isdigit() else number}/{kind}-{office}"


def _two_digits(value: object) -> object:
    """5 as 05."""
    return value if isinstance(value, Missing) else str(value).zfill(2)


def _room(value: object, letters: int, lines: int = 1) -> object:
    """The value, or a blank of this size if it is missing."""
    return Missing(letters, lines) if value is None or isinstance(value, Missing) else value


def _listed(values: Sequence[object]) -> object:
    """The values that are not missing, separated by commas; the first blank if all are missing."""
    return ", ".join(str(value) for value in values if value) or values[0]


_MARK = re.compile(r" ?\(chưa đối chiếu\)|, chưa đối chiếu")
_PERSON = re.compile(
    r"^(?:(?:kt|tm|tl|tuq)\. ?)?(?:quyền |phó )?"
    r"(chủ tịch|giám đốc|bộ trưởng|thứ trưởng|(?:tổng )?cục trưởng|trưởng phòng|thủ trưởng)\s+",
    re.IGNORECASE,
)
_HEADS = (  # of an organ by the first words of its name
    (("ubnd", "ủy ban nhân dân", "uỷ ban nhân dân", "hđnd", "hội đồng nhân dân"), "chủ tịch"),
    (("sở", "trung tâm"), "giám đốc"),
    (("bộ",), "bộ trưởng"),
    (("cục",), "cục trưởng"),
    (("phòng",), "trưởng phòng"),
)


def _organ(value: object) -> object:
    """«UBND tỉnh Gia Lai» of «Chủ tịch UBND tỉnh Gia Lai»: the organ without the office of the person who signs."""
    if isinstance(value, Missing):
        return value
    return text.upper_first(_PERSON.sub("", str(value).strip()))


def _head_of(value: object) -> str:
    """The office of the person who signs for an organ: «Chủ tịch» of «UBND tỉnh Gia Lai»."""
    words = "" if isinstance(value, Missing) or value is None else str(value).strip().lower()
    if named := _PERSON.match(words):
        return _sentence(named[1])
    heads = (head for names, head in _HEADS for name in names if f"{words} ".startswith(f"{name} "))
    return _sentence(next(heads, "thủ trưởng cơ quan"))


_COMMUNE = re.compile(r"^(?:xã|phường|thị trấn|đặc khu) [^,(;]+", re.IGNORECASE)


def _commune_committee(place: object) -> str:
    """«Ủy ban nhân dân xã Ia Grai» of the place of a visit; "" where no commune of the day is known."""
    named = None if isinstance(place, Missing) else _COMMUNE.match(str(place))
    return f"Ủy ban nhân dân {text.lower_first(named[0].strip())}" if named else ""


def _superior(value: object, committee: object) -> str:
    """The People's Committee of the province above a «Sở …», for the first line of its letterhead; else nothing."""
    is_department = str(value).strip().lower().startswith("sở ")
    return str(committee) if is_department and committee else ""


def _changed(value: object, more: str = "tăng", less: str = "giảm", same: str = "không đổi") -> object:
    """A difference in words: -4 as «giảm 4», 4 as «tăng 4», 0 as «không đổi»; missing and "" stay as they are."""
    if isinstance(stored(value), Missing) or value == "" or value is None:
        return value
    written = str(value) if isinstance(value, PaperValue) and isinstance(value.stored, str) else str(_number(value))
    amount = written.lstrip("-\u2212")
    if not re.search(r"[1-9]", amount):
        return same
    return f"{less if amount != written else more} {amount}"


def _measured(value: object) -> object:
    """A difference from what had to be reached: -4 as «thiếu 4», 4 as «vượt 4», 0 as «đạt»."""
    return _changed(value, "vượt", "thiếu", "đạt")


def _size(value: object) -> object:
    """An amount without its sign, where words say what it means."""
    plain = stored(value)
    return plain if isinstance(plain, Missing) else abs(int(plain))


_AUTHORITIES = {  # the words that stand before the office of who signs, by the choice of the officer
    "for_head": "KT.",
    "by_order": "TL.",
    "by_mandate": "TUQ.",
}
_DEPUTY = "phó "


def _signing(person: Any) -> str:
    """In which office a person of a table signs: «KT. GIÁM ĐỐC» above «PHÓ GIÁM ĐỐC»; "" without an office.

    The columns `title`, `organisation` and `authority` are read. A deputy of the head signs for the head, if nobody
    chose otherwise. Source: mục II Phần I Phụ lục I NĐ 30/2020/NĐ-CP.
    """
    if not person.title:
        return ""
    title, organ, authority = str(person.title), str(person.organisation), stored(person.authority)
    is_deputy = title.lower().startswith(_DEPUTY)
    head = title[len(_DEPUTY) :] if is_deputy else _head_of(person.organisation)
    if authority == "acting":
        return f"Q. {title.removeprefix('Quyền ').removeprefix('Q. ')}".upper()
    if authority == "for_collective":
        return f"TM. {organ if person.organisation else '…'}\n{title}".upper()
    if isinstance(authority, Missing) and is_deputy:
        authority = "for_head"
    above = f"{_AUTHORITIES[authority]} {head}\n" if authority in _AUTHORITIES else ""
    return f"{above}{title}".upper()


def _as_signer(title: object) -> object:
    """The office of who signs, in capitals: «Phó Giám đốc» as «KT. GIÁM ĐỐC» above «PHÓ GIÁM ĐỐC»; a blank stays."""
    if isinstance(title, Missing):
        return title
    office = str(title).strip()
    above = f"KT. {office[len(_DEPUTY) :]}\n" if office.lower().startswith(_DEPUTY) else ""
    return f"{above}{office}".upper()


def _unmarked(value: object) -> object:
    """A text without the program's own mark that nobody has checked a source."""
    return value if isinstance(value, Missing) else _MARK.sub("", str(value))


FILTERS = {
    "number": _number,
    "money": _money,
    "money_words": _money_words,
    "date": _date,
    "date_words": _date_words,
    "time_words": _time_words,
    "moment": _moment,
    "upper": _upper,
    "lower": _lower,
    "sentence": _sentence,
    "within": _within,
    "length": _length,
    "official_number": _official_number,
    "two_digits": _two_digits,
    "roman": text.roman,
    "room": _room,
    "listed": _listed,
    "attached": _attached,
    "organ": _organ,
    "head_of": _head_of,
    "superior": _superior,
    "commune_committee": _commune_committee,
    "signing": _signing,
    "as_signer": _as_signer,
    "unmarked": _unmarked,
    "changed": _changed,
    "measured": _measured,
    "size": _size,
}
