"""Which names stand for one field through the versions of a form, and what `renamed_from` may say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.model import Field, Form, Section
from kcdesk.formdef.renames import Renames
from tests.formdef import samples


def form(version: int, *fields: Field) -> Form:
    section = Section(id="all", label="Tất cả", fields=fields)
    return Form(
        id="thing", version=version, label="", plural="", effective_from=date(2020, version, 1), sections=(section,)
    )


def text(name: str, renamed_from: str = "") -> Field:
    return Field(name=name, type="text", label=name, renamed_from=renamed_from)


def rows(name: str, *columns: Field, renamed_from: str = "") -> Field:
    return Field(name=name, type="table", label=name, row="line", columns=columns, renamed_from=renamed_from)


FIRST = form(1, text("first"), text("kept"), rows("lines", text("cost"), text("item")))
SECOND = form(2, text("second", "first"), text("kept"), rows("lines", text("price", "cost"), text("item")))
THIRD = form(3, text("third", "second"), text("kept"), rows("bill", text("price"), text("item"), renamed_from="lines"))


@pytest.fixture
def renames() -> Renames:
    return Renames([THIRD, FIRST, SECOND])


@pytest.mark.parametrize(
    ("path", "newest"),
    [
        ("first", "third"),
        ("second", "third"),
        ("kept", "kept"),
        ("unheard_of", "unheard_of"),
        ("lines", "bill"),
        ("lines/cost", "bill/price"),
        ("bill/cost", "bill/price"),
        ("lines/item", "bill/item"),
    ],
)
def test_every_name_leads_to_the_newest(renames: Renames, path: str, newest: str) -> None:
    assert renames.newest(path) == newest


def test_all_names_of_a_field_newest_first(renames: Renames) -> None:
    assert renames.names("second") == ("third", "second", "first")
    assert renames.names("kept") == ("kept",)
    assert renames.column_names("lines", "price") == ("price", "cost")


@pytest.mark.parametrize(
    ("version", "path", "own"),
    [
        (FIRST, "third", "first"),
        (SECOND, "third", "second"),
        (THIRD, "first", "third"),
        (FIRST, "bill/price", "lines/cost"),
        (FIRST, "bill/r1/price", "lines/r1/cost"),
        (SECOND, "bill/r1", "lines/r1"),
        (THIRD, "lines/r1/cost", "bill/r1/price"),
        (FIRST, "kept", "kept"),
        (FIRST, "state", "state"),
    ],
)
def test_what_a_version_calls_a_field(renames: Renames, version: Form, path: str, own: str) -> None:
    assert renames.own(version, path) == own


def test_the_values_of_a_record_by_the_newest_names(renames: Renames) -> None:
    data = {"first": "a", "state": "draft", "lines": [{"id": "r1", "position": 1.0, "cost": "5", "item": "x"}]}
    assert renames.in_newest(data) == {
        "third": "a",
        "state": "draft",
        "bill": [{"id": "r1", "position": 1.0, "price": "5", "item": "x"}],
    }
    assert data["first"] == "a"
    untouched = Renames([FIRST])
    assert not untouched
    assert untouched.in_newest(data) is data


def test_the_newest_definition_of_a_field_by_any_name() -> None:
    forms = Forms((FIRST, SECOND, THIRD))
    assert forms.newest_field("thing", "first") is THIRD.field("third")
    assert forms.newest_field("thing", "lines/cost").name == "price"
    with pytest.raises(KeyError):
        forms.newest_field("thing", "unheard_of")
    gone = Forms((FIRST, form(2, text("kept"))))
    assert gone.newest_field("thing", "first") is FIRST.field("first")


# ---- what the loader refuses

ENDED = samples.PROPOSAL.replace("= 2014-01-01", "= 2014-01-01\neffective_to = 2024-12-31", 1)
SECOND_HEAD = 'extends = "proposal@1"\nversion = 2\neffective_from = 2025-01-01\n'
GENERAL = '[[section]]\nid = "general"\n[[section.field]]\n'


def faults(folder: Path, second: str, **more: str) -> list[str]:
    with pytest.raises(FormsError) as refused:
        load(samples.write(folder, proposal=ENDED, proposal_2=SECOND_HEAD + second, **more))
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        (
            'name = "begun_on"\ntype = "date"\nlabel = "Từ"\nrenamed_from = "start_on"',
            "proposal_2.toml, begun_on: renamed_from: ô “start_on” không có (có phải ý là “starts_on”)",
        ),
        (
            'name = "begun_on"\ntype = "date"\nlabel = "Từ"\nrenamed_from = "workers"',
            "proposal_2.toml, begun_on: renamed_from: “workers” vẫn còn là một ô của bản này",
        ),
        (
            'name = "heading"\nrenamed_from = "beneficiaries"\ntype = "text"\ntarget = ""',
            "proposal_2.toml, heading: renamed_from: “beneficiaries” thuộc loại references,"
            " đổi tên không đổi được loại",
        ),
        (
            'name = "owners"\nrenamed_from = "beneficiaries"\n[[section.field]]\nname = "holders"\ntype = "references"'
            '\ntarget = "beneficiary"\nlabel = "Chủ"\nrenamed_from = "beneficiaries"',
            "proposal_2.toml, holders: renamed_from: “beneficiaries” đã đổi tên thành “owners”",
        ),
    ],
)
def test_a_renaming_that_cannot_be_is_a_fault(tmp_path: Path, second: str, fault: str) -> None:
    assert faults(tmp_path, GENERAL + second) == [fault]


def test_a_name_that_was_given_up_is_not_used_again(tmp_path: Path) -> None:
    second = "effective_to = 2025-12-31\n" + GENERAL + 'name = "owners"\nrenamed_from = "beneficiaries"\n'
    third = 'extends = "proposal@2"\nversion = 3\neffective_from = 2026-01-01\n' + GENERAL
    third += 'name = "beneficiaries"\ntype = "text"\nlabel = "Khác"\n'
    wanted = "proposal_3.toml, beneficiaries: tên “beneficiaries” là tên cũ của ô “owners”, không dùng lại được"
    assert wanted in faults(tmp_path, second, proposal_3=third)
