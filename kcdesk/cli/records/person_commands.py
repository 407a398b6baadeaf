"""Commands on what the store holds about a person: find, print, restrict, erase, and who has seen it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator

from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import asdict
from kcdesk.services.personal import people, rights
from kcdesk.services.workspace import Workspace

_FLAG = {"action": "store_true"}
_REASON = {"default": "", "metavar": "LÝ_DO", "help": "ai yêu cầu, ngày nào, theo văn bản nào"}
_WHAT = {"opened": "mở", "printed": "in", "exported": "gửi đi", "answered": "in cho người ấy", "forgotten": "xoá câu"}


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "person",
        with_workspace(person),
        person_in_lines,
        "mọi dữ liệu về một người; in cho người ấy, hạn chế sử dụng, xoá",
        ("words", {"nargs": "+", "metavar": "TÊN_HOẶC_SỐ", "help": "họ tên, số căn cước, điện thoại, thư điện tử"}),
        ("--record", {"action": "append", "default": [], "metavar": "MÃ", "help": "chỉ hồ sơ này; ghi nhiều lần được"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in ra PDF để trao cho người ấy"}),
        ("--restrict", _FLAG | {"help": "chỉ lưu giữ: không sửa, in hay gửi đi nữa"}),
        ("--lift", _FLAG | {"help": "bỏ hạn chế"}),
        ("--erase", _FLAG | {"help": "xoá; hồ sơ còn thời hạn lưu giữ thì chỉ hạn chế"}),
        ("--reason", _REASON),
    )
    add(
        "person-uses",
        with_workspace(person_uses),
        uses_in_lines,
        "ai đã mở, in, gửi dữ liệu cá nhân",
        ("--record", {"action": "append", "default": [], "metavar": "MÃ", "help": "chỉ hồ sơ này"}),
    )
    add("retention", with_workspace(retention), retention_in_lines, "thời hạn lưu giữ, và hồ sơ đã đến hạn xoá")


def person(workspace: Workspace, options: Namespace) -> CommandResult:
    """Find a person; then print, restrict or erase as the options ask."""
    held = people.find(workspace, *options.words)
    records = [record for record in held.records() if not options.record or record in options.record]
    result: CommandResult = held.to_json()
    if options.pdf:
        result |= people.print_person(workspace, held, options.pdf)
    if options.erase or options.restrict or options.lift:
        _refuse_several(records, options.record)
    if options.erase:
        sentences = [each.text for each in held.sentences]
        result |= rights.erase(workspace, held.erasable(records) if records else {}, options.reason, sentences)
    elif options.restrict:
        result |= rights.restrict(workspace, records, options.reason)
    elif options.lift:
        result |= rights.lift(workspace, records, options.reason)
    return result


def _refuse_several(records: list[str], named: list[str]) -> None:
    """Refuse to change records that were only found by the words: two people may have one name."""
    if len(records) > 1 and not named:
        raise UserError(
            f"Tìm thấy {len(records)} hồ sơ, có thể của nhiều người.",
            code="which_records",
            hint="Hãy ghi --record với mã của từng hồ sơ đúng là của người ấy.",
        )


def person_uses(workspace: Workspace, options: Namespace) -> CommandResult:
    """List who used personal values."""
    return {"uses": [asdict(use) for use in workspace.store.personal.uses(options.record or None)]}


def retention(workspace: Workspace, _options: Namespace) -> CommandResult:
    """List the periods of keeping, and the restricted records that may be erased now."""
    periods = [asdict(period) | {"kinds": list(period.kinds)} for period in workspace.retention]
    return {"retentions": periods, "due": [asdict(standing) for standing in rights.due(workspace)]}


def person_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the places, then what was done."""
    for place in result["places"]:
        where = f"{place['where']} {place['on']}"
        yield f"{place['title']} [{place['record']}] {place['label']}: {place['value']} ({where})"
    for sentence in result["sentences"]:
        yield f"{sentence['label']}: {sentence['text']} ({sentence['where']})"
    if not result["places"] and not result["sentences"]:
        yield "Không có dữ liệu nào về người này."
    if "erased" in result:
        also = f" và {result['erased_sentences']} câu gợi ý" if result["erased_sentences"] else ""
        yield f"Đã xoá dữ liệu trong {len(result['erased'])} hồ sơ{also}."
    for standing in result.get("kept", ()):
        yield f"Giữ nguyên, chỉ nhắc đến người này: {standing['reason']} ({standing['source']})."
    for standing in result.get("restricted", ()):
        yield (
            f"Chỉ hạn chế, chưa xoá: {standing['reason']} ({standing['source']})."
            if isinstance(standing, dict)
            else f"Đã hạn chế sử dụng: {standing}."
        )
    yield from (f"Đã bỏ hạn chế: {record}." for record in result.get("lifted", ()))
    if "pdf" in result:
        yield f"Đã in ra {result['pdf']}."


def uses_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield one line for each use."""
    for use in result["uses"]:
        what = _WHAT.get(use["what"], use["what"])
        yield f"{use['at']} {use['officer']}: {what} {use['record']} {use['details'] or ''}"


def retention_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the periods, then what is due."""
    for period in result["retentions"]:
        note = " (chưa đối chiếu văn bản)" if period["unverified"] else ""
        yield f"{', '.join(period['kinds'])}: {period['years']} năm, {period['source']}{note}"
    yield from (f"Đến hạn xoá: {standing['title']} [{standing['record']}]" for standing in result["due"])
