"""A workbook of one page for people, with a signed statement in a part that spreadsheet programs ignore."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, TypeVar

from kcdesk import given_files, moments, placing, text
from kcdesk.bounded.json_text import parsed
from kcdesk.errors import UserError
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.file_formats import PACKAGE, FileFormat, other_format, own_book
from kcdesk.exchange.container.parts import custom_parts, with_custom_part
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.exchange.container.xml_parts import add_element, root_element, written
from kcdesk.exchange.workbook.page_lines import PACKAGES, PageLine
from kcdesk.runtime.frozen import Value, names
from kcdesk.store.identity import Identity

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from lxml import etree

_PART = "customXml/item1.xml"
_SIGNATURES = ("signature", "vouched")
_LONGEST_NAME = 500  # letters
PageContent = TypeVar("PageContent")


class Statement(Value):
    """The content of a page as JSON, and its signatures by name; not yet verified when read from a file."""

    content: bytes
    signatures: Mapping[str, bytes]

    def values(self, types: Mapping[str, type]) -> dict[str, Any]:
        """The content as values by name; ValueError if the names are others, TypeError if a type is another."""
        values = parsed(self.content)
        if not isinstance(values, dict) or values.keys() != types.keys():
            raise ValueError("keys")
        if not all(isinstance(values[name], type_) for name, type_ in types.items()):
            raise TypeError("values")
        return values

    def to_json(self) -> dict[str, str]:
        """The statement as it is kept and travels with packages."""
        signatures = {name: base64.b64encode(value).decode() for name, value in self.signatures.items()}
        return {"content": self.content.decode(), **signatures}

    @classmethod
    def from_json(cls, values: Mapping[str, str]) -> Statement:
        """Read what `to_json` returns; ValueError, TypeError, KeyError or AttributeError for anything else."""
        signatures = {name: base64.b64decode(values.get(name, ""), validate=True) for name in _SIGNATURES}
        return cls(values["content"].encode(), signatures)


class PageOrigin(Value, kw_only=True):
    """Who made a signed page, and when (ISO, with time zone); `key` is the public key that signed it."""

    unit: str
    name: str
    level: str
    province: str
    officer: str
    practice: bool
    made_at: str
    key: str

    def __post_init__(self) -> None:
        """Raise ValueError for what no store writes: no moment, endless names, letters that hide or turn others."""
        names = (self.unit, self.name, self.level, self.province, self.officer)
        is_odd = any(len(name) > _LONGEST_NAME or text.hides(name, single_line=True) for name in names)
        if not moments.has_zone(self.made_at) or is_odd:
            raise ValueError("origin")


def origin_fields(identity: Identity, key: Ed25519PrivateKey) -> dict[str, Any]:
    """The fields of `PageOrigin` for a page that a store signs now."""
    return {
        "unit": identity.unit.code,
        "name": identity.unit.name,
        "level": identity.unit.level,
        "province": identity.unit.province,
        "officer": identity.officer.name,
        "practice": identity.practice,
        "made_at": moments.written_now(),
        "key": signing.public_key(key),
    }


def types_of(page: type[PageOrigin]) -> dict[str, type]:
    """The types of the values of a page by name: str, except for the bool `practice`."""
    return dict[str, type].fromkeys(names(page), str) | {"practice": bool}


class SignedPage(Value, Generic[PageContent], kw_only=True):
    """One kind of signed page: its page, the XML of its part, and the error for any other file."""

    title: str
    namespace: str
    root: str
    content: str  # the element that holds the statement
    largest: int  # bytes
    # Returns None if a signature is wrong; may raise ValueError or TypeError.
    accept: Callable[[Statement], PageContent | None]
    code: str
    refusal: str  # `{name}` is the file's
    hint: str

    def write(self, path: Path, lines: Sequence[PageLine], statement: Statement, content: PageContent) -> None:
        """Write the workbook; KnownError if the disk refuses or the file does not read back as `content`."""
        whole = self._workbook(lines, statement)

        def verify(beside: Path) -> None:
            if self.read(beside) != content:
                raise placing.unverified(beside)

        placing.place(path, fill=lambda file: _fill(file, whole), verify=verify)

    def read(self, path: Path) -> PageContent:
        """Read a workbook and check its signatures; UserError with the `code` of this kind for any other file."""
        given_files.refuse_odd_file(path)
        try:
            if path.stat().st_size > self.largest:
                raise self._refusal(path)
            with path.open("rb") as file:
                content = self._read(path, file)
        except FileNotFoundError:
            raise UserError(f"Không có tệp {path}.", code="no_file", hint="Hãy chọn lại tệp.") from None
        except (UnsafeArchiveError, OSError):
            raise self._refusal(path) from None
        if content is None:
            raise self._refusal(path)
        return content

    def _read(self, path: Path, file: BinaryIO) -> PageContent | None:
        """The content of an open workbook; None, or UserError if it can be seen what the file is instead."""
        try:
            with SafeArchive(file) as archive:
                for name in custom_parts(archive):
                    root = archive.xml(name)
                    if root.tag == self._name(self.root):
                        return self._content(root)
                other = self._other_book(archive)
        except BrokenArchiveError:
            other = None
        other = other or other_format(file)
        if other is None:
            return None
        raise UserError(f"{self.refusal.format(name=path.name)} {other.sentence}", code=self.code, hint=self.hint)

    def _other_book(self, archive: SafeArchive) -> FileFormat | None:
        """What a workbook of this program is, by its cover, if it is not this signed page."""
        from kcdesk.exchange.workbook.returned_cover import read_cover  # openpyxl takes 150 ms

        cover = read_cover(archive)
        if cover is None or cover.kind in PACKAGES:
            return PACKAGE if cover else None
        return own_book(cover.kind, is_signed=bool(custom_parts(archive)))

    def _content(self, root: etree._Element) -> PageContent | None:
        try:
            signatures = {
                name: base64.b64decode(root.findtext(self._name(name), ""), validate=True) for name in _SIGNATURES
            }
            return self.accept(Statement(root.findtext(self._name(self.content), "").encode(), signatures))
        except (ValueError, TypeError, RecursionError):
            return None

    def _refusal(self, path: Path) -> UserError:
        return UserError(self.refusal.format(name=path.name), code=self.code, hint=self.hint)

    def _workbook(self, lines: Sequence[PageLine], statement: Statement) -> bytes:
        from kcdesk.exchange.workbook.writer import write_page  # openpyxl takes 150 ms

        page, whole = io.BytesIO(), io.BytesIO()
        write_page(page, self.title, list(lines))
        with zipfile.ZipFile(page) as plain:
            with_custom_part(whole, plain, _PART, self._part(statement))
        return whole.getvalue()

    def _part(self, statement: Statement) -> bytes:
        root = root_element(self.namespace, self.root)
        signatures = {name: base64.b64encode(value).decode() for name, value in statement.signatures.items()}
        for name, value in {self.content: statement.content.decode(), **signatures}.items():
            add_element(root, self.namespace, name, value)
        return written(root)

    def _name(self, element: str) -> str:
        return f"{{{self.namespace}}}{element}"


def _fill(file: Any, content: bytes) -> None:
    file.write(content)
