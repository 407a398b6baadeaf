"""Texts of layouts come with rules of other offices: what could go on without end is a fault of the text."""

import pytest
from jinja2 import TemplateError

from kcdesk.documents.layouts.templates import Templates

ENDLESS = [
    "{{ 'a' * 1000000000 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '{:999999999}'.format(1) }}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ 'a'.center(1000000000) }}{{ 'a'.zfill(1000000000) }}",
    "{{ row.name | room(1000000000) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set a = 'aaaaaaaa' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "{% for a in rows recursive %}{{ loop(rows) }}{% endfor %}",
    "{% for a in rows %}{% for b in rows %}{% for c in rows %}{% endfor %}{% endfor %}{% endfor %}",
    "{% include 'a' %}",
    "{% filter upper %}{% endfilter %}",
    "{% for a in range(1000000000) %}{% endfor %}",
]


@pytest.mark.parametrize("source", ENDLESS)
def test_a_text_that_could_go_on_without_end_is_refused(source):
    with pytest.raises(TemplateError):
        Templates().text(source, {"rows": range(10_000), "row": {}})


@pytest.mark.parametrize("source", [text[3:-3] for text in ENDLESS[:7] if text.count("{{") == 1])
def test_so_is_an_expression(source):
    with pytest.raises(TemplateError):
        Templates().value(source, {"row": {}})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% for a in rows %}{% for b in rows %}{% endfor %}{% endfor %}", "lượt"),
        ("{% for a in rows %}{{ long }}{% endfor %}", "chữ"),
    ],
)
def test_loops_and_letters_are_counted_while_a_text_is_filled(source, words):
    with pytest.raises(TemplateError, match=words):
        Templates().text(source, {"rows": range(10_000), "long": "chữ" * 1_000})


def test_each_text_is_counted_for_itself():
    templates = Templates()
    for _ in range(20):
        assert templates.text("{% for a in rows %}{% endfor %}xong", {"rows": range(10_000)}) == ("xong",)


def test_what_texts_say_of_a_fault_names_it():
    with pytest.raises(TemplateError, match="ljust"):
        Templates().mentions("{{ 'a'.ljust(9) }}")
