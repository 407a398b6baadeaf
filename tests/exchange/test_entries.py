"""Records travel lossless, and what is sensitive stays at home unless asked for."""

import pytest

from kcdesk.exchange.container.entries import EntryError, RecordEntry, read_lines, sensitive_paths, write_lines

LEFT_OUT = ("secret", "secret_files", "lines/hidden")


def test_a_record_comes_back_as_it_was(sender):
    for stored in sender.changed_since({}):
        (back,) = read_lines(write_lines([RecordEntry.of(stored, ())]))

        assert back.data == stored.data
        assert back.stamps == stored.stamps
        assert (back.id, back.kind, back.form, back.parent) == (stored.id, stored.kind, stored.form, stored.parent)
        assert (back.created, back.updated, back.deleted) == (stored.created, stored.updated, stored.deleted)


def test_the_law_s_fields_are_those_that_the_form_marks(small):
    assert tuple(sensitive_paths(small.get("thing", 1))) == LEFT_OUT


def test_what_is_left_out_leaves_neither_value_nor_stamp(sender):
    stored = next(iter(sender.changed_since({})))

    line = RecordEntry.of(stored, LEFT_OUT).to_line()

    for trace in ("Tày", "secret", "hidden", "kín", "cccd"):
        assert trace.encode() not in line
    assert "Tày".encode() in RecordEntry.of(stored, ()).to_line()
    assert stored.data["lines"][0]["hidden"] == "kín"


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"null", b"{}", b'{"id": 1}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_line_that_is_no_record_is_refused(line):
    with pytest.raises(EntryError):
        RecordEntry.from_line(line)


@pytest.mark.parametrize("change", [{"id": 5}, {"data": []}, {"stamps": None}, {"deleted": 0}, {"extra": 1}])
def test_a_record_of_a_strange_shape_is_refused(sender, change):
    import json

    line = json.loads(RecordEntry.of(next(iter(sender.changed_since({}))), ()).to_line())

    with pytest.raises(EntryError):
        RecordEntry.from_line(json.dumps({**line, **change}).encode())
