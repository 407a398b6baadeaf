"""What is printed without `--json`: the same results as short lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kcdesk import text

Result = Any
Lines = Iterator[str]


def new_store(result: Result) -> Lines:
    """Where the store lies, and the code that must be kept."""
    yield f"Đã lập kho {'thực hành' if result['practice'] else 'dữ liệu'} trong {result['store']}."
    if result["recovery_code"]:
        yield f"Mã khôi phục (hãy in và cất giữ): {result['recovery_code']}"


def changes(result: Result) -> Lines:
    """What was done, and to which record."""
    if not result["changes"]:
        yield "Không có gì thay đổi."
        return
    yield result["action"]
    yield from dict.fromkeys(change["id"] for change in result["changes"])


def record(result: Result) -> Lines:
    """One record with labels and readable values."""
    yield f"{result['title']}  [{result['state']}]"
    if result["claim"]:
        yield f"  {result['claim']}"
    yield from (f"  {label}: {value}" for label, value in result["lines"])
    yield from (f"  ! {message}" for message in result["problems"])


def records(result: Result) -> Lines:
    """One line for each record."""
    yield from (f"{record['id']}  {record['state_label']:<15}  {record['title']}" for record in result)
    yield f"{len(result)} hồ sơ"


def history(result: Result) -> Lines:
    """One line for each act."""
    for line in result:
        labels = f": {', '.join(line['labels'])}" if line["labels"] else ""
        yield f"{_moment(line['at'])}  {line['officer']}  {line['action']}{labels}"


def helped(result: Result) -> Lines:
    """One line for each support, or that there is none."""
    for found in result:
        amount = "" if found["amount"] is None else f"{text.format_integer(found['amount'])} đồng"
        money = f"{'được duyệt' if found['granted'] else 'đề nghị'} {amount}" if amount else ""
        facts = (str(found["year"] or ""), found["name"], found["content"], money, found["decision"], found["state"])
        yield "; ".join(fact for fact in facts if fact) + f" [{found['reason']}]"
    if not result:
        yield "Chưa thấy hỗ trợ nào."


def missing(result: Result) -> Lines:
    """What is lacking for the next step, one line each."""
    lines = result["missing"]
    step = f" cho bước «{result['step']}»" if result["step"] else ""
    yield f"Còn thiếu {len(lines)} điểm{step}:" if lines else f"Không còn thiếu gì{step}."
    for line in lines:
        yield f"- {line['message']}"


def rules_for(result: Result) -> Lines:
    """Every group, then its lines, each with its source."""
    for group in result or [{"label": "Hồ sơ loại này không có quy định kèm theo.", "lines": (), "empty": ""}]:
        yield group["label"]
        for line in group["lines"]:
            source = f" ({line['source']})" if line["source"] else ""
            mark = " [chưa đối chiếu]" if line["unverified"] else ""
            yield "  " + ". ".join(filter(None, (line["heading"], line["text"]))) + source + mark
        if group["empty"] and not group["lines"]:
            yield f"  {group['empty']}"


def ceiling(result: Result) -> Lines:
    """«Tối đa … vì …», then every step with its source."""
    for line in result["lines"]:
        mark = " [chưa đối chiếu]" if line["unverified"] else ""
        yield line["text"] + (f" ({line['source']})" if line["source"] else "") + mark


_GROUPS = {"late": "Quá hạn", "today": "Hôm nay", "week": "Trong tuần này", "later": "Sắp tới"}


def deadlines(result: Result) -> Lines:
    """What has to be done, the most urgent first; or what was put down about one of them."""
    if "changes" in result:
        yield from changes(result)
        return
    if result["clock"]:
        yield result["clock"]
    for name, label in _GROUPS.items():
        if result[name]:
            yield f"{label} ({len(result[name])}):"
        for due in result[name]:
            mark = " [chưa đối chiếu]" if due["unverified"] else ""
            day = text.format_date(datetime.fromisoformat(due["due"]).date())
            yield f"  {day:<10}  {'; '.join(filter(None, (due['what'], due['title'])))} ({due['source']}){mark}"
            yield f"              mã: {due['key']}"
    if not any(result[name] for name in _GROUPS):
        yield "Không có việc nào đến hạn."
    if "ics" in result:
        yield f"Đã xuất {result['events']} thời hạn: {result['ics']}"
    if "pdf" in result:
        yield from paper(result)


def plan(result: Result) -> Lines:
    """What was done to a year plan, and what it comes to."""
    if "xlsx" in result:
        yield f"Đã xuất {result['rows']} đề án: {result['xlsx']}"
        return
    yield from changes(result)
    if "summary" in result:
        yield result["summary"]


def check(result: Result) -> Lines:
    """Sound, or everything that is wrong."""
    yield "Kho dữ liệu nguyên vẹn." if result["sound"] else result["error"]["message"]
    yield from (f"  - {problem}" for problem in result["problems"])


def paper(result: Result) -> Lines:
    """Which file, how long."""
    yield f"Đã in {result['pages']} trang: {result['pdf']}"
    if "docx" in result:
        yield f"Tệp Word: {result['docx']}"


def package(result: Result) -> Lines:
    """Which file and what is in it."""
    yield f"Đã kết xuất {sum(result['counts'].values())} hồ sơ, kỳ {result['period']}: {result['file']}"
    yield f"Mã gói: {result['package']}"


def inspection(result: Result) -> Lines:
    """What the file is and what stands against it."""
    yield result["sentence"]
    if result["sender"]:
        yield f"Đơn vị gửi: {result['sender']}"
    yield from (f"  - {problem}" for problem in result["problems"])


_STATUSES = {"new": "mới", "changed": "thay đổi", "same": "như cũ", "conflict": "cần xem", "refused": "không nhận"}


def imported(result: Result) -> Lines:
    """What came, row by row, and whether it was taken in."""
    yield result["sentence"]
    if result["sender"]:
        yield f"Đơn vị gửi: {result['sender']}; kỳ {result['period']}; mã gói {result['package']}"
    yield ", ".join(f"{count} {_STATUSES[status]}" for status, count in result["rows"].items())
    for line in result["lines"]:
        yield f"  {_STATUSES[line['status']]:<10}  {line['title']}  {line['reason']}".rstrip()
        if line.get("claim"):
            yield f"      {line['claim']}"
        for change in line["fields"]:
            yield f"      {change['label']}: «{change['ours']}» → «{change['theirs']}»"
    for edit in result.get("edits", ()):
        yield f"  {edit['label']}: «{edit['was']}» → «{edit['shown']}»  {edit['reason']}".rstrip()
    yield from (f"  - {problem}" for problem in dict.fromkeys(result["problems"]))
    if result.get("checked"):
        yield f"Bản có ghi lý do: {result['checked']}"
    yield "Đã nhận vào kho." if result["applied"] else "Kho chưa thay đổi."


def collected(result: Result) -> Lines:
    """One line for each file, and how many were taken in."""
    for file in result["files"]:
        said = file["obstacle"] or file["sentence"]
        rows = ", ".join(f"{count} {_STATUSES[status]}" for status, count in file.get("rows", {}).items() if count)
        yield f"{file['file']}: {said}" + (f" ({rows})" if rows and not file.get("applied") else "")
        yield from (f"  - {note}" for note in file.get("problems", ()) if note not in said)
    taken = sum(bool(file.get("applied")) for file in result["files"])
    yield f"Đã nhận {taken}/{len(result['files'])} tệp." if result["applied"] else "Kho chưa thay đổi."


def late(result: Result) -> Lines:
    """One line for each unit, the late ones first."""
    for unit in result["units"]:
        last = f"kỳ {unit['period']}, {unit['records']} hồ sơ" if unit["at"] else "chưa bàn giao lần nào"
        missing = f"; thiếu gói số {', '.join(map(str, unit['missing']))}" if unit["missing"] else ""
        yield f"{unit['state']:<12}  {unit['name']} ({unit['unit']}): {last}{missing}"
    overdue = sum(unit["late"] for unit in result["units"])
    yield f"{overdue}/{len(result['units'])} đơn vị quá hạn kỳ {result['period']}."
    if result["pdf"]:
        yield f"Danh sách đôn đốc: {result['pdf']}"


def undone_import(result: Result) -> Lines:
    """What went back, and what stays."""
    yield from changes(result)
    yield from (f"Còn lại vì đã sửa sau khi nhận: {title}" for title in result["kept"])
    if result["waiting"]:
        yield f"{result['waiting']} chỗ sửa sau khi nhận vẫn giữ, bản trước khi nhận chờ ở «Cần xem»."


def packages(result: Result) -> Lines:
    """One line for each hand-off."""
    for entry in result:
        way = "gửi" if entry["direction"] == "out" else "nhận"
        notes = f"  ({'; '.join(entry['notes'])})" if entry["notes"] else ""
        what = f"{entry['type']:<3}  {entry['period']}  {entry['partner']}  {entry['package']}"
        yield f"{_moment(entry['at'])}  {way:<4}  {what}{notes}"


def receipt(result: Result) -> Lines:
    """Which file, and what it says."""
    yield f"Đã lập biên nhận: {result['file']}"
    yield "; ".join(f"{result['labels'][name].lower()}: {count}" for name, count in result["results"].items())


def decision_workbook(result: Result) -> Lines:
    """Which file, and how many dossiers it lists."""
    yield f"Đã lập bảng quyết định của {result['records']} hồ sơ: {result['file']}"


def restored(result: Result) -> Lines:
    """What the copy holds beside what is here, and what was done."""
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


def device(result: Result) -> Lines:
    """The new name of the laptop."""
    yield f"Mã máy mới: {result['device']} (trước đây: {result['before']})."


def answers(result: Result) -> Lines:
    """One line for each record, its reasons and what can be done under it; then the files that came along."""
    for line in result["lines"]:
        support = f", hỗ trợ {text.format_integer(line['support'])} đồng" if line["support"] is not None else ""
        yield f"{line['label']}{support}: {line['title']}"
        for reason in line["reasons"]:
            yield f"  - {reason['label']}: {reason['text']}" if reason["label"] else f"  - {reason['text']}"
        yield from (f"  có thể: {label}" for _, label in line["steps"])
    yield from (f"Tệp gửi kèm: {file['name']}" for file in result["enclosed"])


def identity(result: Result) -> Lines:
    """Which file, and the digits to read out."""
    yield f"Đã xuất tệp nhận diện của {result['name']}: {result['file']}"
    yield f"Dấu khoá ký: {result['fingerprint']}"


def trusted(result: Result) -> Lines:
    """Who is known now, by which digits."""
    for key in result if isinstance(result, list) else [result]:
        state = "đã huỷ" if key.get("ended") or key.get("trusted") is False else "tin cậy"
        yield f"{key['name']} ({key['unit']}): {key['fingerprint']}  {state}"


def _moment(at: str) -> str:
    """A UTC moment by the clock on the wall."""
    return f"{datetime.fromisoformat(at).astimezone():%d/%m/%Y %H:%M}"
