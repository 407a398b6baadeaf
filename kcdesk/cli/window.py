"""Opens the window when no command is given, without loading the commands."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kcdesk import given_files, paths
from kcdesk.cli.given_paths import GivenPath
from kcdesk.runtime import collector

_EDITED_RULES = "KCDESK_EDITED_RULES"  # read where a store is opened (`services/rulebook/genuine`)
OPEN = "open"  # `open FILE` begins with a file


def shared_options(*, top: bool) -> argparse.ArgumentParser:
    """Return the options allowed before and after the command's name."""
    shared = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    missing: object = None if top else argparse.SUPPRESS
    shared.add_argument("--store", type=GivenPath, metavar="DIR", default=missing, help="thư mục kho dữ liệu")
    shared.add_argument(
        "--place",
        choices=("moved", "copied", "restored"),
        default=missing,
        help="kho mở ở nơi khác lần trước: đã chuyển (moved), bản sao dùng song song (copied), khôi phục (restored)",
    )
    missing = False if top else argparse.SUPPRESS
    shared.add_argument("--json", action="store_true", default=missing, help="in kết quả dạng JSON")
    shared.add_argument(
        "--edited-rules",
        action="store_true",
        default=missing,
        help="thử quy định đã sửa trên đĩa thay cho bản gốc giữ trong kho",
    )
    return shared


def options_of_window(arguments: Sequence[str]) -> argparse.Namespace | None:
    """Return the options with `run` and `file`, "" for none, if the line asks for the window; None for any other.

    A wrong line is read by the grammar of the commands. The system gives a file on which somebody has double-clicked
    as the only argument; `open FILE` is the same.
    """
    try:
        options, rest = shared_options(top=True).parse_known_args(arguments, argparse.Namespace(run=window))
    except argparse.ArgumentError:
        return None
    options.file = GivenPath(rest[-1] if rest else "")
    return options if not rest or _names_a_file(rest) else None


def _names_a_file(words: Sequence[str]) -> bool:
    """Whether the words are a file, or `open` and a file; names of commands have neither an ending nor a folder."""
    *command, file = words
    is_file_name = Path(file).suffix != "" or Path(file).name != file
    return not file.startswith("-") and (command == [OPEN] or (not command and is_file_name))


@contextmanager
def edited_rules(options: argparse.Namespace) -> Iterator[None]:
    """While this runs, rules that were edited on the disk are used as they are, if the option asks for it."""
    before = os.environ.get(_EDITED_RULES)
    if options.edited_rules:
        os.environ[_EDITED_RULES] = "1"
    try:
        yield
    finally:
        if options.edited_rules and before is None:
            del os.environ[_EDITED_RULES]


def store_folder(options: argparse.Namespace) -> Path:
    """Return the folder given by the options, else the officer's own."""
    return Path(options.store) if options.store else paths.default_store()


def window(options: argparse.Namespace) -> int:
    """Run the window until it is closed; it begins with the given file, a package for instance.

    UserError `not_a_file`, `no_file` before the window is shown.
    """
    file = Path(options.file) if options.file else None
    if file is not None:
        given_files.refuse_missing_file(file)
    with collector.at_rest():
        from kcdesk.app import run_window  # Qt is loaded only for the window

    return run_window(store_folder(options), file)
