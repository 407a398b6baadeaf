"""An argument parser with Vietnamese messages."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from kcdesk import handbook, likeness

# argparse is English only; these are its texts that an officer may see.
_CHOICE = re.compile(r"(?P<refused>invalid choice: '(?P<typed>[^']*)') \(choose from (?P<names>.*)\)")
_WORDS = {
    "usage:": "cách dùng:",
    "positional arguments:": "tham số:",
    "options:": "tuỳ chọn:",
    "the following arguments are required:": "còn thiếu",
    "unrecognized arguments:": "thừa",
    "expected one argument": "cần một giá trị",
    "expected at least one argument": "cần ít nhất một giá trị",
    "invalid choice:": "không có lựa chọn",
    "choose from": "chọn một trong",
    "not allowed with argument": "không đi cùng",
    "ambiguous option:": "tuỳ chọn chưa rõ:",
    "could match": "có thể là",
    "argument ": "tham số ",
}


class Parser(argparse.ArgumentParser):
    """argparse with Vietnamese texts."""

    def __init__(self, **details: Any) -> None:
        super().__init__(**details, add_help=False)
        self.add_argument("-h", "--help", action="help", help="xem cách dùng")

    def format_usage(self) -> str:
        """Return the usage line."""
        return _translated(super().format_usage())

    def format_help(self) -> str:
        """Return the whole help."""
        return _translated(super().format_help())

    def error(self, message: str) -> NoReturn:
        """Print wrong usage and where it is explained, and exit with code 2."""
        self.print_usage(sys.stderr)
        topic = handbook.topic_of_module(__name__)
        wrong = _translated(_with_nearest(message))
        self.exit(2, f"Lệnh chưa đúng: {wrong}.\nXem: {self.prog} --help; kcdesk help {topic}\n")


class CommandParser(Parser):
    """The parser of one command: an option that it does not have is told with its usage, not that of the program."""

    def parse_known_args(  # type: ignore[override]  # its overloads are about kinds of namespace
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse does, but nothing is left over for the parser of the program, which would show all commands."""
        options, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(self._about_extra_words(rest))
        return options, rest

    def _about_extra_words(self, rest: Sequence[str]) -> str:
        """What is wrong about words that mean nothing to the command."""
        unknown = [word.partition("=")[0] for word in rest if word.startswith("--")]
        if not unknown:
            return f"thừa {' '.join(rest)}"
        own = [option for action in self._actions for option in action.option_strings]
        named = (f"{option}{likeness.nearest_words(option, own)}" for option in unknown)
        return f"lệnh {self.prog.split()[-1]} không có tuỳ chọn {', '.join(named)}"


def _with_nearest(message: str) -> str:
    """Name the nearest choices in place of all of them, if the refused word is like any."""
    if match := _CHOICE.search(message):
        names = (name.strip(" '") for name in match["names"].split(","))
        if alike := likeness.nearest_words(match["typed"], names):
            return message.replace(match[0], f"{match['refused']}{alike}")
    return message


def _translated(text: str) -> str:
    for english, vietnamese in _WORDS.items():
        text = text.replace(english, vietnamese)
    return text
