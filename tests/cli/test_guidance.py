"""Help on the command line: a page as text, and the page that explains a refusal."""

from __future__ import annotations

import json

import pytest

from kcdesk import handbook
from kcdesk.cli import main


def test_without_a_topic_every_page_is_listed(capsys):
    assert main(["help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {topic} " in printed for topic in handbook.shipped_pages())
    assert "Một đề án từ đầu đến cuối" in printed


@pytest.mark.parametrize(
    ("topic", "words"),
    [("site_visit", "Trước khi đi"), ("proposal.title", "Tên in trên mọi giấy tờ"), ("lists", "Ctrl+F")],
)
def test_a_page_is_printed_as_plain_text(capsys, topic, words):
    assert main(["help", topic]) == 0
    printed = capsys.readouterr().out
    assert words in printed
    assert "**" not in printed


def test_an_unknown_topic_is_refused_and_the_refusal_names_a_page(capsys):
    assert main(["help", "nowhere"]) == 1
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("Không có trang hướng dẫn «nowhere».")
    assert last == "Xem: kcdesk help command_line"
    assert main(["--json", "help", "nowhere"]) == 1
    refusal = json.loads(capsys.readouterr().out)["error"]
    assert refusal.keys() == {"code", "message", "field"}
