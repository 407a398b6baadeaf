"""The notes below a report: what its figures leave out, and what comes from opening totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kcdesk.formdef.forms import Forms
from kcdesk.reports.facts import Facts
from kcdesk.reports.report_source import ReportSource
from kcdesk.text import format_integer


def of(
    reader: ReportSource, facts: Facts, opened: Mapping[str, Decimal | None], undated: Mapping[str, int]
) -> Iterator[str]:
    """The notes of a report that was run.

    `opened` are the totals that come from opening totals, `undated` the known numbers of records without a day by kind.
    """
    report = facts.question.report
    yield from report.notes
    yield from _regions(facts)
    yield from _apart(reader, facts)
    yield from _unconfirmed(reader, facts)
    yield from _without_day(reader, facts, undated)
    yield from _openings(reader, facts, opened)


def _regions(facts: Facts) -> Iterator[str]:
    """The proof of the regions that make rows: which provinces belong to one is no law."""
    question = facts.question
    if any(group.part == "new_region" for group in question.groups):
        for region in question.regions:
            if region.unverified:
                yield f"{region.label}: danh sách tỉnh, thành phố chưa đối chiếu; căn cứ: {region.source}."


def _apart(reader: ReportSource, facts: Facts) -> Iterator[str]:
    for aparts, query in facts.aparts():
        (line,) = reader.query(query.sql, query.values)
        for number, apart in enumerate(aparts):
            if line[f"n{number}"]:
                money = f" ({format_integer(int(line[f'v{number}'] or 0))} đồng)" if apart.value else ""
                yield f"Không tính {format_integer(line[f'n{number}'])} {apart.label}{money}."


def _unconfirmed(reader: ReportSource, facts: Facts) -> Iterator[str]:
    if facts.question.unconfirmed:
        query = facts.unconfirmed()
        (line,) = reader.query(query.sql, query.values)
        if line["number"]:
            what = kind_in_words(facts.catalogue.forms, facts.question.report.subject)
            number = format_integer(line["number"])
            yield f"Không tính {number} {what} mà đơn vị tự ghi kết quả, cấp tỉnh chưa xác nhận."


def _without_day(reader: ReportSource, facts: Facts, undated: Mapping[str, int]) -> Iterator[str]:
    if facts.question.period.is_open:
        return
    numbers = dict(undated)
    for kind, query in facts.without_day():
        (line,) = reader.query(query.sql, query.values)
        numbers[kind] = max(numbers.get(kind, 0), *line.values())
    for kind, number in numbers.items():
        if number:
            what = kind_in_words(facts.catalogue.forms, kind)
            yield f"{format_integer(number)} {what} chưa rõ ngày, không tính vào kỳ này."


def _openings(reader: ReportSource, facts: Facts, opened: Mapping[str, Decimal | None]) -> Iterator[str]:
    columns = {column.name: column for column in facts.question.report.columns}
    parts = [
        f"{columns[name].heading} {format_integer(int(value))} {columns[name].unit}"
        for name, value in opened.items()
        if value
    ]
    if parts:
        yield f"Trong đó số đầu kỳ (những năm trước khi dùng chương trình): {'; '.join(parts)}."
    if query := facts.opened_drafts():
        (line,) = reader.query(query.sql, query.values)
        if line["number"]:
            yield f"Đã cộng {format_integer(line['number'])} số đầu kỳ chưa chốt: số của chúng còn sửa được."
    if query := facts.opened_partly():
        (line,) = reader.query(query.sql, query.values)
        if line["number"]:
            yield (
                f"{format_integer(line['number'])} số đầu kỳ chỉ nằm một phần trong kỳ này nên không cộng: "
                "hãy chọn kỳ gồm trọn các năm của chúng."
            )


def kind_in_words(forms: Forms, kind: str) -> str:
    """The name of a kind inside a sentence."""
    label = forms.newest(kind).label
    return label[:1].lower() + label[1:]
