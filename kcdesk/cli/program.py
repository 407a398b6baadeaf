"""The command line: everything the window does with data, through the same services.

Exit codes: 0 done, 1 refused with a reason, 2 wrong usage. `--json` prints the documented JSON shapes; without it
the same result is printed as short Vietnamese lines.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TextIO

from kcdesk import __version__, handbook, text
from kcdesk.cli import terminal
from kcdesk.cli.given_paths import refuse_odd_paths
from kcdesk.cli.window import edited_rules, options_of_window
from kcdesk.errors import IncompleteError, KcdeskError, KnownError
from kcdesk.given_files import explained_error
from kcdesk.log import forget_texts, logger, places_of
from kcdesk.paths import machine_folder
from kcdesk.temporary import private_files

_REPORT = "kcdesk-loi.txt"
_STOPPED = 130  # exit code after Ctrl+C, as shells expect it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command, or the window when none is given; return the exit code."""
    _speak_utf8()
    given = sys.argv[1:] if arguments is None else arguments
    forget_texts(machine_folder() / _REPORT)
    try:
        with private_files.begun():
            return _quiet_if_unread(lambda: _run(given))
    except KeyboardInterrupt:
        return _STOPPED


def _run(given: Sequence[str]) -> int:
    options = options_of_window(given) or _parsed(given)
    try:
        refuse_odd_paths(options)
        with edited_rules(options):
            result = options.run(options)
    except KcdeskError as error:
        _print_refusal(error, as_json=options.json)
        return 1
    except BrokenPipeError:
        raise
    except (OSError, UnicodeEncodeError) as error:  # of a file that the command was given
        _print_refusal(explained_error(error), as_json=options.json)
        return 1
    except Exception as error:  # a fault of ours: its traceback is for the person who mends it
        _print_refusal(_unforeseen(error), as_json=options.json)
        return 1
    if isinstance(result, int):
        return result
    _print_result(result, options)
    return 1 if isinstance(result, dict) and "error" in result else 0


def _unforeseen(error: Exception) -> KnownError:
    """Keep where it happened in a file and say so, as the window's crash dialog does."""
    where = places_of(error)
    logger("cli").error("%s", where)
    report = machine_folder() / _REPORT
    with suppress(OSError):
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(f"kcdesk {__version__}\n{where}\n", encoding="utf-8")
    return KnownError(
        "Chương trình gặp một lỗi không lường trước; dữ liệu đã lưu vẫn an toàn.",
        code="unforeseen",
        hint=f"Nếu lỗi lặp lại, hãy gửi tệp {report} cho người hỗ trợ.",
    )


def _quiet_if_unread(run: Callable[[], int]) -> int:
    """Run a command; a reader that closed the pipe has read enough, an output that takes nothing is a refusal."""
    try:
        try:
            return run()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _close_unread(sys.stdout)
        return 0
    except OSError as error:
        _close_unread(sys.stdout)
        if error.errno == errno.EINVAL:  # a closed pipe on Windows
            return 0
        _print_refusal(explained_error(error), as_json=False)
        return 1


def _close_unread(stream: TextIO) -> None:
    """Let go what the stream still holds; Python would complain of it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    from kcdesk.cli.parser import parser  # it loads every service, which the window does not need

    return parser().parse_args(arguments)


def _speak_utf8() -> None:
    """Switch the output to UTF-8: a Windows console may use an old code page that lacks Vietnamese letters."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _print_refusal(error: KcdeskError, *, as_json: bool) -> None:
    problems = error.problems if isinstance(error, IncompleteError) else []
    if as_json:
        refusal: dict[str, Any] = {"code": error.code, "message": error.sentence(), "field": error.field}
        if problems:
            refusal["problems"] = [{"field": problem.field, "message": problem.message} for problem in problems]
        print(json.dumps({"error": refusal}, ensure_ascii=False))
        return
    if terminal.shown_in_a_box(error.sentence()):
        return
    place = f"{error.field}: " if error.code == "bad_value" else ""  # the window shows it at the field
    lines = (place + error.sentence(), *(f"  - {problem.message}" for problem in problems))
    print(*map(text.revealed, lines), sep="\n", file=sys.stderr)
    print(f"Xem: kcdesk help {handbook.topic_of(error)}", file=sys.stderr)


def _print_result(result: Any, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        print(*map(text.revealed, options.in_lines(result)), sep="\n")
