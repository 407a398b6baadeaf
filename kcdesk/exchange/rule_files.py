"""The rule workbook: rules in one signed file, with a page for people and the rule files in a hidden part.

It is made by the department of the province and received like a package: the key proves who made it, and its changes
are shown before it is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk import __version__
from kcdesk.bounded import limits
from kcdesk.bounded.toml_text import signs_of
from kcdesk.errors import UserError
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import canonical
from kcdesk.exchange.signed_pages import PageOrigin, SignedPage, Statement, origin_fields, types_of
from kcdesk.exchange.workbook.page_lines import TITLES, CoverLine, PageLine, head, moment
from kcdesk.runtime.frozen import asdict
from kcdesk.store.identity import Identity
from kcdesk.store.stored_record import new_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PURPOSE = "rules"
# Names that a rule file may have; they cannot lead out of the folder.
_NAME = re.compile(r"(?:[a-z0-9_-]+/){0,2}[a-z0-9_-]+\.toml")


class RuleFile(PageOrigin, kw_only=True):
    """The content of a rule workbook: `files` maps relative names (`norms/dong_thap.toml`) to texts."""

    id: str
    program: str
    note: str
    files: dict[str, str]


def write_rules(
    path: Path, identity: Identity, key: Ed25519PrivateKey, files: Mapping[str, str], note: str
) -> RuleFile:
    """Write a rule workbook; UserError `bad_rule_name`, KnownError if the disk refuses."""
    _refuse_names(files)
    made = RuleFile(
        **origin_fields(identity, key),
        id=new_id(),
        program=__version__,
        note=note,
        files=dict(files),
    )
    content = canonical(asdict(made))
    statement = Statement(content, {"signature": signing.sign(key, _PURPOSE, content)})
    _PAGE.write(path, _lines(made), statement, made)
    return made


def read_rules(path: Path) -> RuleFile:
    """Read a rule workbook and check its signature; UserError `not_rules`, `bad_rule_name`."""
    rules = _PAGE.read(path)
    _refuse_names(rules.files)
    return rules


def _refuse_names(files: Mapping[str, str]) -> None:
    for name in files:
        if not _NAME.fullmatch(name):
            raise UserError(
                f"«{name}» không phải tên của một tệp quy định.",
                code="bad_rule_name",
                hint="Tên gồm chữ thường không dấu, chữ số, gạch; đuôi .toml; thư mục như forms của chương trình.",
            )


def _refuse_excess(files: Mapping[str, str]) -> None:
    """Refuse more than rules can be: anybody may sign a file, and its changes are shown before its key is trusted."""
    if len(files) > limits.RULES.count:
        raise limits.RULES.refusal("count")
    if sum(map(len, files.values())) > limits.RULES.unpacked:
        raise limits.RULES.refusal("unpacked")
    if sum(map(signs_of, files.values())) > limits.RULES.nodes:
        raise limits.RULES.refusal("nodes")


def _rules(statement: Statement) -> RuleFile | None:
    rules = RuleFile(**statement.values(types_of(RuleFile) | {"files": dict}))
    if not all(isinstance(text, str) for text in rules.files.values()):
        raise TypeError("files")
    _refuse_excess(rules.files)
    return rules if signing.verify(rules.key, _PURPOSE, statement.content, statement.signatures["signature"]) else None


_PAGE = SignedPage(
    title="Quy định",
    namespace="urn:kcdesk:rules",
    root="rules",
    content="content",
    largest=limits.RULES.bytes,
    accept=_rules,
    code=limits.RULES.code,
    refusal="Tệp {name} không phải tệp quy định, hoặc đã bị sửa.",
    hint=limits.RULES.advice,
)


def _lines(made: RuleFile) -> list[PageLine]:
    return [
        *head(TITLES["rules"], practice=made.practice),
        CoverLine("line", "Đơn vị lập", f"{made.name} ({made.unit})"),
        CoverLine("line", "Người lập", made.officer),
        CoverLine("line", "Lập lúc", moment(made.made_at)),
        CoverLine("line", "Nội dung", made.note),
        CoverLine("line", "Dấu khoá ký", signing.fingerprint(made.key)),
        CoverLine("heading", "Các tệp"),
        *(CoverLine("line", name, f"{len(text.encode())} byte") for name, text in sorted(made.files.items())),
        CoverLine("note", "Nhận tệp này bằng chương trình; những gì thay đổi được cho xem trước."),
    ]
