"""Layout files: the shipped ones are sound, a bad one says everything that is wrong and where."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kcdesk import paths
from kcdesk.documents.layouts.block_reader import BLOCKS, IncludeSpec
from kcdesk.documents.layouts.layout import LayoutsError, load_layouts
from kcdesk.documents.layouts.templates import FILTERS
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import names
from tests.documents import samples

HEAD = """
id = "paper"
version = 1
label = "Giấy mẫu"
effective_from = 2020-01-01
kind = "acceptance"
uses = ["acceptance", "proposal"]
title = "{{ proposal.title }}"
"""


def load(folder, text, head=HEAD, name="paper.toml"):
    (folder / name).write_text(head + text, encoding="utf-8")
    return load_layouts(folder, samples.forms())


def faults(folder, text, head=HEAD):
    with pytest.raises(LayoutsError) as caught:
        load(folder, text, head)
    return [str(fault) for fault in caught.value.faults]


def test_every_shipped_layout_names_fields_that_exist():
    assert "minutes_5a" in samples.layouts()
    layout = samples.layouts()["minutes_5a"]
    assert layout.unverified
    assert layout.source


def test_the_worked_example_of_the_grammar_works(tmp_path):
    grammar = (paths.forms() / "documents" / "README.md").read_text(encoding="utf-8")
    example = grammar.partition("```toml")[2].partition("```")[0]
    document = load(tmp_path, "", example)["note"].render(samples.context())
    assert document.blocks[0].text == ("Ngày kiểm tra: ngày 15 tháng 10 năm 2018",)


def test_the_grammar_names_every_block_key_and_filter():
    grammar = (paths.forms() / "documents" / "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+", grammar))
    known = {**BLOCKS, "include": IncludeSpec}
    keys = {key for kind, spec in known.items() for key in (kind, *names(spec))}
    in_toml = {"sides": "side", "parts": "part", "columns": "column", "signers": "signer", "labels": "label"}
    assert {in_toml.get(key, key) for key in keys} <= words
    assert set(FILTERS) <= words


def test_all_faults_are_told_at_once_with_place_and_hint(tmp_path):
    found = faults(
        tmp_path,
        """
[[block]]
type = "paragaph"
text = "a"
[[block]]
type = "paragraph"
txt = "a"
[[block]]
type = "paragraph"
text = "{{ acceptance.visted_on }} {{ proposal.title | uper }} {{ propsal.title }} {{ 1 + }}"
[[block]]
type = "paragraph"
text = "{{ acceptance.visted_on }} {{ proposal.title | uper }} {{ propsal.title }}"
[[block]]
type = "table"
rows = "acceptance.machines"
[[block.column]]
heading = "Số máy"
value = "{{ row.serial_numbr }}"
align = "middle"
""",
    )
    for part in (
        "paper.toml, khối 1: loại khối “paragaph” không có (có phải ý là “paragraph”)",
        "khối 2 (paragraph): khoá “txt” không có (có phải ý là “text”)",
        "khối 2 (paragraph): thiếu khoá “text”",
        "khối 3 (paragraph), “text”: viết sai",
        "trường của acceptance “visted_on” không có (có phải ý là “visited_on”)",
        "bộ lọc “uper” không có (có phải ý là “upper”)",
        "tên “propsal” không có (có phải ý là “proposal”)",
        "trường của row “serial_numbr” không có (có phải ý là “serial_number”)",
        "“align” không nhận “middle”",
    ):
        assert any(part in fault for fault in found), (part, found)


def put_part(folder, text, name="people.toml"):
    (folder / "parts").mkdir(exist_ok=True)
    (folder / "parts" / name).write_text(text, encoding="utf-8")


INCLUDE = "[[block]]\ntype = 'include'\npart = 'people'\n"


def test_a_part_is_shared_and_calls_the_record_by_one_name(tmp_path):
    put_part(tmp_path, "[[block]]\ntype = 'paragraph'\ntext = '{{ record.site }}, {{ count(\"n\") }}'\n")
    document = load(tmp_path, INCLUDE + INCLUDE)["paper"].render(samples.context())
    assert [block.text for block in document.blocks] == [
        ("Xưởng chế biến Mẫu Số Một, 1",),
        ("Xưởng chế biến Mẫu Số Một, 2",),
    ]


def test_a_part_may_be_left_out_by_a_condition(tmp_path):
    put_part(tmp_path, "[[block]]\ntype = 'paragraph'\ntext = 'a'\n")
    when = "when = \"acceptance.conclusion == 'refused'\"\n"
    layouts = load(tmp_path, INCLUDE + when + "[[block]]\ntype = 'paragraph'\ntext = 'b'\n")
    assert [block.text for block in layouts["paper"].render(samples.context()).blocks] == [("b",)]


def test_the_faults_of_a_part_name_its_own_file(tmp_path):
    put_part(
        tmp_path,
        """
heading = "x"
[[block]]
type = "paragraph"
text = "{{ record.sit }} {{ stranger }}"
[[block]]
type = "include"
part = "people"
[[block]]
type = "table"
rows = "record.machines"
[[block.column]]
heading = "Số máy"
value = "{{ row.serial }}"
""",
    )
    found = faults(tmp_path, INCLUDE + INCLUDE.replace("people", "peopel") + "wehn = 'blank'\n")
    for part in (
        "parts/people.toml: khoá “heading” không có",
        "parts/people.toml, khối 1 (paragraph), “text”: trường của record “sit” không có (có phải ý là “site”)",
        "parts/people.toml, khối 1 (paragraph), “text”: tên “stranger” không có",
        "parts/people.toml, khối 2: một phần dùng chung không gọi phần khác được",
        "parts/people.toml, khối 3 (table), “value”: trường của row “serial” không có",
        "paper.toml, khối 2 (include): khoá “wehn” không có",
        "paper.toml, khối 2 (include): phần dùng chung “peopel” không có (có phải ý là “people”)",
    ):
        assert any(part in fault for fault in found), (part, found)


def test_linked_records_lists_and_files_are_looked_up_too(tmp_path):
    head = HEAD.replace('"proposal"]', '"proposal", "previous", "acceptances"]') + "when = { conclusion = 'acepted' }\n"
    found = faults(
        tmp_path,
        """
[[block]]
type = "paragraph"
text = "{{ previous.nuber }}"
[[block]]
type = "table"
rows = "acceptances"
[[block.column]]
heading = "Địa điểm"
value = "{{ row.sit }}"
[[block]]
type = "photos"
files = ["acceptance.photo"]
caption = "a"
""",
        head,
    )
    for part in (
        "trường của previous “nuber” không có (có phải ý là “number”)",
        "trường của row “sit” không có (có phải ý là “site”)",
        "trường của acceptance “photo” không có (có phải ý là “photos”)",
        "điều kiện trên “conclusion”",
    ):
        assert any(part in fault for fault in found), (part, found)


def test_the_head_is_read_as_strictly(tmp_path):
    found = faults(tmp_path, 'keep = ["visited_on", "machines.nam"]\nversoin = 2\n', HEAD.replace("version = 1", ""))
    assert any("thiếu khoá “version”" in fault for fault in found)
    assert any("“versoin” không có" in fault for fault in found)
    assert any("trường “machines.nam” không có" in fault for fault in found)
    assert any("chưa có khối nào" in fault for fault in found)


def test_what_is_no_toml_is_told(tmp_path):
    assert "không đọc được TOML" in faults(tmp_path, "[[block")[0]


def test_a_layout_cannot_reach_into_the_program(tmp_path):
    layouts = load(tmp_path, "[[block]]\ntype = 'paragraph'\ntext = \"{{ tick.__globals__ }}\"\n")
    with pytest.raises(UserError) as caught:
        layouts["paper"].render(samples.context())
    assert caught.value.code == "layout"
    assert "khối 1" in caught.value.message


def test_a_wrong_use_of_a_value_names_the_block(tmp_path):
    text = "[[block]]\ntype = 'paragraph'\ntext = \"ngày {{ proposal.title | date }}\"\n"
    with pytest.raises(UserError, match="khối 1"):
        load(tmp_path, text)["paper"].render(samples.context())


def test_the_version_in_force_is_taken(tmp_path):
    block = "[[block]]\ntype = 'paragraph'\ntext = 'a'\n"
    load(tmp_path, block, HEAD.replace("2020-01-01", "2020-01-01\neffective_to = 2025-12-31"))
    head = HEAD.replace("version = 1", "version = 2").replace("2020-01-01", "2026-01-01")
    layouts = load(tmp_path, block, head, "paper_2.toml")
    assert layouts["paper"].version == 2
    assert layouts.current("paper", date(2025, 12, 31)).version == 1
    with pytest.raises(KeyError):
        layouts.current("paper", date(2019, 12, 31))


def test_margins_and_size_are_data(tmp_path):
    layouts = load(tmp_path, "[page]\nleft = 35\ntext_size = 14\n[[block]]\ntype = 'paragraph'\ntext = 'a'\n")
    page = layouts["paper"].render(samples.context()).page
    assert (page.left, page.right, page.text_size) == (35, 15, 14)


def test_a_list_for_others_prints_what_is_personal_masked(tmp_path):
    block = """
[[block]]
type = "table"
rows = "acceptance.participants"
column = [{ heading = "Họ tên", value = "{{ row.name }}" }, { heading = "Bên", value = "{{ row.title }}" }]
"""
    names = [str(row.get("name")) for row in samples.context()["acceptance"].rows("participants")]
    own = load(tmp_path, block)["paper"].render(samples.context())
    handed_on = load(tmp_path, block, HEAD + "for_others = true\n")["paper"].render(samples.context())
    shown = [["".join(map(str, cell)) for cell in row.cells] for row in own.blocks[0].rows]
    masked = [["".join(map(str, cell)) for cell in row.cells] for row in handed_on.blocks[0].rows]
    assert [row[0] for row in shown] == names
    assert [row[0] for row in masked] == [" ".join(f"{word[0]}." for word in name.split()) for name in names]
    assert [row[1:] for row in masked] == [row[1:] for row in shown]
