"""The text output of commands, used without `--json`: the same results as short lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kcdesk import moments, text
from kcdesk.services.handover.collecting import periods

CommandResult = Any  # what a command returns: JSON values, or the exit code of a window
Lines = Iterator[str]


def new_store_in_lines(result: CommandResult) -> Lines:
    """Yield the folder of the store and the recovery code to keep."""
    yield f"Đã lập kho {'thực hành' if result['practice'] else 'dữ liệu'} trong {result['store']}."
    if result["recovery_code"]:
        yield f"Mã khôi phục (hãy in và cất giữ): {result['recovery_code']}"


def changes_in_lines(result: CommandResult) -> Lines:
    """Yield what was done and the ids of the changed records."""
    if not result["changes"]:
        yield "Không có gì thay đổi."
        return
    yield result["action"]
    yield from dict.fromkeys(change["id"] for change in result["changes"])
    yield from (f"Không nhận «{each['name']}»: {each['reason']}" for each in result.get("refused", ()))


def record_in_lines(result: CommandResult) -> Lines:
    """Yield a record with labels and readable values."""
    yield f"{result['title']}  [{result['state']}]"
    if result["claim"]:
        yield f"  {result['claim']}"
    yield from (f"  {label}: {value}" for label, value in result["lines"])
    yield from (f"  ! {message}" for message in result["problems"])


def records_in_lines(result: CommandResult) -> Lines:
    """Yield one line per record and their number."""
    for record in result:
        former = f" ({record['former']})" if "former" in record else ""
        yield f"{record['id']}  {record['state_label']:<15}  {record['title']}{former}"
    yield f"{len(result)} hồ sơ"


def history_in_lines(result: CommandResult) -> Lines:
    """Yield one line per change."""
    for line in result:
        labels = f": {', '.join(line['labels'])}" if line["labels"] else ""
        machine = f"  [{line['machine']}]" if line["machine"] else ""
        taken = f"  (nhận: {line['officer']})" if line["package"] else ""
        yield f"{_moment(line['at'])}  {line['written_by']}{machine}  {line['action']}{taken}{labels}"
        for field in line["changes"]:
            before = f"«{field['before']}» → " if field["before"] else ""  # a new record had no value before
            yield f"    {field['label']}: {before}«{field['after']}»"


def helped_in_lines(result: CommandResult) -> Lines:
    """Yield one line per support, or the sentence that says what was compared when there is none."""
    if isinstance(result, str):
        yield result
        return
    for support in result:
        amount = "" if support["amount"] is None else f"{text.format_integer(support['amount'])} đồng"
        money = f"{'được duyệt' if support['granted'] else 'đề nghị'} {amount}" if amount else ""
        facts = (
            str(support["year"] or ""),
            support["name"],
            support["content"],
            money,
            support["decision"],
            support["state"],
        )
        yield "; ".join(fact for fact in facts if fact) + f" [{support['reason']}]"


def missing_in_lines(result: CommandResult) -> Lines:
    """Yield what is missing for the next step, one line each."""
    lines = result["missing"]
    step = f" cho bước «{result['step']}»" if result["step"] else ""
    yield f"Còn thiếu {len(lines)} điểm{step}:" if lines else f"Không còn thiếu gì{step}."
    for line in lines:
        yield f"- {line['message']}"
    yield from result["notes"]


_NO_RULES = {
    "label": "Hồ sơ loại này không có quy định kèm theo.",
    "lines": (),
    "empty": "",
    "cautions": (),
    "governed": (),
}


def rules_for_in_lines(result: CommandResult) -> Lines:
    """Yield every group with its lines and their sources."""
    for group in result or [_NO_RULES]:
        yield group["label"]
        yield from (f"  {sentence}" for sentence in group["governed"] if group["lines"])
        for line in group["lines"]:
            source = f" ({line['source']})" if line["source"] else ""
            mark = " [chưa đối chiếu]" if line["proof"] == "second_hand" else ""
            yield "  " + ". ".join(filter(None, (line["heading"], line["text"]))) + source + mark
        if group["empty"] and not group["lines"]:
            yield f"  {group['empty']}"
        yield from (f"  Lưu ý: {caution['text']}" for caution in group["cautions"])


def ceiling_in_lines(result: CommandResult) -> Lines:
    """Yield «Tối đa … vì …» and the sources of each step."""
    for line in result["lines"]:
        mark = " [chưa đối chiếu]" if line["proof"] == "second_hand" else ""
        yield line["text"] + (f" ({line['source']})" if line["source"] else "") + mark
    yield from result.get("governed", ())
    yield from (f"Lưu ý: {caution['text']}" for caution in result["cautions"])


_GROUPS = {
    "late": "Quá hạn",
    "today": "Hôm nay",
    "week": "Trong tuần này",
    "later": "Sắp tới",
    "long_late": "Quá hạn lâu, trên một năm",
}


def deadlines_in_lines(result: CommandResult) -> Lines:
    """Yield the deadlines, the most urgent first; or what was changed about one of them."""
    if "changes" in result:
        yield from changes_in_lines(result)
        return
    if result["clock"]:
        yield result["clock"]
    for name, label in _GROUPS.items():
        if result[name]:
            yield f"{label} ({len(result[name])}):"
        for due in result[name]:
            mark = " [chưa đối chiếu]" if due["unverified"] else ""
            day = text.format_date(date.fromisoformat(due["due"]))
            yield f"  {day:<10}  {'; '.join(filter(None, (due['what'], due['title'])))} ({due['source']}){mark}"
            yield f"              mã: {due['key']}"
    if not any(result[name] for name in _GROUPS):
        yield "Không có việc nào đến hạn."
    if "ics" in result:
        yield f"Đã xuất {result['events']} thời hạn: {result['ics']}"
    if "pdf" in result:
        yield from paper_in_lines(result)


def plan_in_lines(result: CommandResult) -> Lines:
    """Yield what was done to a year plan, and its totals."""
    if "xlsx" in result:
        yield f"Đã xuất {result['rows']} đề án: {result['xlsx']}"
        return
    yield from changes_in_lines(result)
    if "summary" in result:
        yield result["summary"]
    for line in result.get("blocked", ()):
        yield f"Chưa ghi quyết định được – «{line['title']}»: {line['why']}"


def check_in_lines(result: CommandResult) -> Lines:
    """Yield whether the store is sound, and every problem."""
    yield "Kho dữ liệu nguyên vẹn." if result["sound"] else result["error"]["message"]
    yield from (f"  - {problem}" for problem in result["problems"])


def paper_in_lines(result: CommandResult) -> Lines:
    """Yield the file and its number of pages."""
    if "pdf" in result:
        yield f"Đã in {result['pages']} trang: {result['pdf']}"
    if "docx" in result:
        yield f"Tệp Word: {result['docx']}"
    if "pdf" not in result:
        yield result["warning"]


def package_in_lines(result: CommandResult) -> Lines:
    """Yield the file, its number of records and the package id."""
    number, period = sum(result["counts"].values()), periods.in_sentence(result["period"])
    yield f"Đã kết xuất {number} hồ sơ, {period}: {result['file']}"
    yield f"Mã gói: {result['package']}"


def inspection_in_lines(result: CommandResult) -> Lines:
    """Yield what a file is and its problems."""
    yield result["sentence"]
    if result["sender"]:
        yield f"Đơn vị gửi: {result['sender']}"
    yield from (f"  - {problem}" for problem in result["problems"])


_STATUSES = {"new": "mới", "changed": "thay đổi", "same": "như cũ", "conflict": "cần xem", "refused": "không nhận"}


def imported_in_lines(result: CommandResult) -> Lines:
    """Yield the changes of a package, row by row, and whether it was received."""
    yield result["sentence"]
    if result["sender"]:
        yield f"Đơn vị gửi: {result['sender']}; {periods.in_sentence(result['period'])}; mã gói {result['package']}"
    yield ", ".join(f"{count} {_STATUSES[status]}" for status, count in result["rows"].items())
    for line in result["lines"]:
        yield f"  {_STATUSES[line['status']]:<10}  {line['title']}  {line['reason']}".rstrip()
        if line.get("claim"):
            yield f"      {line['claim']}"
        for change in line["fields"]:
            yield f"      {change['label']}: «{change['ours']}» → «{change['theirs']}»"
    for edit in result.get("edits", ()):
        yield f"  {edit['label']}: «{edit['was']}» → «{edit['shown']}»  {edit['reason'] or edit['note']}".rstrip()
    yield from (f"  - {problem}" for problem in dict.fromkeys(result["problems"]))
    if result.get("checked"):
        yield f"Bản có ghi lý do: {result['checked']}"
    yield "Đã nhận vào kho." if result["applied"] else "Kho chưa thay đổi."


def collected_in_lines(result: CommandResult) -> Lines:
    """Yield one line per file, and how many were received."""
    for file in result["files"]:
        sentence = file["obstacle"] or file["sentence"]
        rows = ", ".join(f"{count} {_STATUSES[status]}" for status, count in file.get("rows", {}).items() if count)
        yield f"{file['file']}: {sentence}" + (f" ({rows})" if rows and not file.get("applied") else "")
        yield from (f"  - {note}" for note in file.get("problems", ()) if note not in sentence)
    taken = sum(bool(file.get("applied")) for file in result["files"])
    yield f"Đã nhận {taken}/{len(result['files'])} tệp." if result["applied"] else "Kho chưa thay đổi."


def late_in_lines(result: CommandResult) -> Lines:
    """Yield one line per unit, late units first."""
    for unit in result["units"]:
        last = (
            f"{periods.in_sentence(unit['period'])}, {unit['records']} hồ sơ" if unit["at"] else "chưa bàn giao lần nào"
        )
        missing = f"; thiếu gói số {', '.join(map(str, unit['missing']))}" if unit["missing"] else ""
        code = f" ({unit['unit']})" if unit["unit"] else ""
        phone = f"; ĐT {unit['phone']}" if unit["phone"] else ""
        yield f"{unit['state']:<12}  {unit['name']}{code}: {last}{missing}{phone}"
        yield from (f"  ! {trouble}" for trouble in unit["troubles"])
    yield from (f"? {name}: chưa rõ của đơn vị nào" for name in result["unassigned"])
    overdue = sum(unit["late"] for unit in result["units"])
    yield f"{overdue}/{len(result['units'])} đơn vị quá hạn {periods.in_sentence(result['period'])}."
    if result["pdf"]:
        yield f"Danh sách đôn đốc: {result['pdf']}"


def undone_import_in_lines(result: CommandResult) -> Lines:
    """Yield what was undone, and what was kept."""
    yield from changes_in_lines(result)
    yield from (f"Còn lại vì đã sửa sau khi nhận: {title}" for title in result["kept"])
    if result["waiting"]:
        yield f"{result['waiting']} chỗ sửa sau khi nhận vẫn giữ, bản trước khi nhận chờ ở «Cần xem»."


def packages_in_lines(result: CommandResult) -> Lines:
    """Yield one line per package."""
    for entry in result:
        way = "gửi" if entry["direction"] == "out" else "nhận"
        notes = f"  ({'; '.join(entry['notes'])})" if entry["notes"] else ""
        what = f"{entry['type']:<3}  {periods.name(entry['period'])}  {entry['partner']}  {entry['package']}"
        yield f"{_moment(entry['at'])}  {way:<4}  {what}{notes}"


def receipt_in_lines(result: CommandResult) -> Lines:
    """Yield the file and the number of dossiers per result."""
    yield f"Đã lập biên nhận: {result['file']}"
    yield "; ".join(f"{result['labels'][name].lower()}: {count}" for name, count in result["results"].items())
    if waiting := result["undecided"]:
        named = ", ".join(f"«{entry['title']}»" for entry in waiting)
        yield f"{len(waiting)} đề án chưa quyết, đã gửi là «đã nhận», vẫn chờ quyết: {named}."


def decision_workbook_in_lines(result: CommandResult) -> Lines:
    """Yield the file and its number of dossiers."""
    yield f"Đã lập bảng quyết định của {result['records']} hồ sơ: {result['file']}"


def restored_in_lines(result: CommandResult) -> Lines:
    """Yield the content of the backup and of the current store, and what was done."""
    for label, held in (("Bản sao lưu", result["copied"]), ("Kho đang có", result["here"])):
        if held:
            yield (
                f"{label}: {held['unit']} ({held['code']}), {held['officer']}; {held['records']} hồ sơ; "
                f"thay đổi cuối {_moment(held['changed'])}: {held['action']}."
            )
    yield from (*result["concerns"], *result["notes"])
    if not result["applied"]:
        yield "Chưa thay gì. Chạy lại không có --dry-run để khôi phục."
        return
    if result["backup"]:
        yield f"Kho trước đó được giữ ở {result['backup']}."
    yield f"Đã khôi phục. Kho này từ nay là một máy khác, mã máy {result['device']}."
    if result["by_code"]:
        yield "Kho mở bằng mã khôi phục: hãy đặt mật khẩu mới bằng lệnh kcdesk passphrase."


def device_in_lines(result: CommandResult) -> Lines:
    """Yield the new and the old device name."""
    yield f"Mã máy mới: {result['device']} (trước đây: {result['before']})."


def repaired_clock_in_lines(result: CommandResult) -> Lines:
    """Yield how many records were put right."""
    yield f"Đã đưa dấu thời gian của {text.format_integer(result['records'])} hồ sơ về trước hiện tại."
    yield f"Mã máy: {result['device']}. Lịch sử có ghi việc này; bây giờ có thể lập gói."


def foreign_in_lines(result: CommandResult) -> Lines:
    """Yield the records that wait with what they would change, or what was decided."""
    if isinstance(result, dict):
        yield "Đã ghi quyết định về hồ sơ đó."
        return
    yield f"{len(result)} hồ sơ của đơn vị khác đang chờ đồng ý."
    for record in result:
        yield f"  {record['key']}: {record['sender']} gửi hồ sơ của {record['owner']}: {record['title']}"
        yield from (f"    {field['label']}: «{field['ours']}» → «{field['theirs']}»" for field in record["fields"])
        yield from ([f"    {record['obstacle']}"] if record["obstacle"] else [])


def answers_in_lines(result: CommandResult) -> Lines:
    """Yield one line per record with its reasons and possible steps; then the enclosed files."""
    for line in result["lines"]:
        support = f", hỗ trợ {text.format_integer(line['support'])} đồng" if line["support"] is not None else ""
        yield f"{line['label']}{support}: {line['title']}"
        for reason in line["reasons"]:
            yield f"  - {reason['label']}: {reason['text']}" if reason["label"] else f"  - {reason['text']}"
        yield from (f"  có thể: {label}" for _, label in line["steps"])
    yield from (f"Tệp gửi kèm: {file['name']}" for file in result["enclosed"])
    if result["newer_program"]:
        yield f"Nơi gửi dùng kcdesk bản {result['newer_program']}, mới hơn; hãy xin tệp cập nhật (kcdesk update)."


def identity_in_lines(result: CommandResult) -> Lines:
    """Yield the file and the digits to read out."""
    yield f"Đã xuất tệp nhận diện của {result['name']}: {result['file']}"
    yield f"Dấu khoá ký: {result['fingerprint']}"


def trusted_in_lines(result: CommandResult) -> Lines:
    """Yield each key and whether it is trusted."""
    for key in result if isinstance(result, list) else [result]:
        state = "đã huỷ" if key.get("ended") or key.get("trusted") is False else "tin cậy"
        yield f"{key['name']} ({key['unit']}): {key['fingerprint']}  {state}"


def _moment(at: str) -> str:
    """Return a UTC time in the local time zone."""
    return f"{moments.local(at):%d/%m/%Y %H:%M}"
