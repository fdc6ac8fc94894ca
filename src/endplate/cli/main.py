"""Main: the console command, and the boundary where every error becomes a sentence and an exit code."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

DONE: Final = 0  # also "cannot tell"
BAD_INPUT: Final = 2
BROKEN: Final = 70  # a fault of ours (EX_SOFTWARE of sysexits.h)
STOPPED: Final = 130  # 128 + SIGINT
CLOSED: Final = 141  # 128 + SIGPIPE
DEBUG: Final = "--debug"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments
        Words after the name of the program; those of this process when not given.

    Returns
    -------
    int
        0 done, 1 findings of a checker, 2 bad input, 70 a fault of ours, 130 stopped by the user,
        141 the reader of the output went away.
    """
    # before numpy loads: our own threads share the cores, and one thread of BLAS gives the same bits everywhere
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = list(sys.argv[1:] if arguments is None else arguments)
    is_debugging = DEBUG in words
    words = [word for word in words if word != DEBUG]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without our letters shows "?" instead of failing
            stream.reconfigure(errors="replace")
    try:
        code = _run(words or ["--help"])
        sys.stdout.flush()  # here, where a full disk can still be told
    except BaseException as error:
        code = _told(error, is_debugging)
    return code


def _run(words: list[str]) -> int:
    from endplate.cli.app import app

    try:
        code = app(args=words, prog_name="endplate", standalone_mode=False)
    except SystemExit as leaving:  # shell completion leaves this way
        if isinstance(leaving.__context__, BrokenPipeError):  # Typer makes a code of it, and not the usual one
            raise leaving.__context__ from None
        code = leaving.code
    if code == STOPPED:  # Typer makes a code of Ctrl-C; only the boundary tells it
        raise KeyboardInterrupt
    return code if isinstance(code, int) else DONE


def _told(error: BaseException, is_debugging: bool) -> int:
    """Say what went wrong in one sentence, or show where when debugging, and return the exit code."""
    if isinstance(error, BrokenPipeError):
        _discard_output()
        return CLOSED
    if is_debugging:
        import traceback

        traceback.print_exception(error)
    for handle in (_stopped, _of_usage, _of_input, _of_the_system):
        answer = handle(error)
        if answer is not None:
            sentence, code = answer
            break
    else:
        sentence, code = _of_ours(error), BROKEN
    if sentence:
        print(sentence, file=sys.stderr)
    return code


Answer = tuple[str, int] | None


def _stopped(error: BaseException) -> Answer:
    from typer import Abort

    from endplate.foundation.errors import StoppedError

    if isinstance(error, StoppedError):  # what was kept, and where
        return str(error), error.exit_code
    if isinstance(error, (KeyboardInterrupt, Abort)):
        return "stopped; nothing was written", STOPPED
    return None


def _of_usage(error: BaseException) -> Answer:
    import typer

    # Typer brings its own copy of Click under a private name: the class is reached through a public one
    usage_error = typer.BadParameter.__mro__[1]
    if not isinstance(error, usage_error):
        return None
    message: Callable[[], str] = error.format_message  # type: ignore[attr-defined]
    context = getattr(error, "ctx", None)
    help_of = context.command_path if context is not None else "endplate"
    words = " ".join(message().split())
    stop = "" if words.endswith((".", "?", "!")) else "."
    return f"Error: {words}{stop} See: {help_of} --help", BAD_INPUT


def _of_input(error: BaseException) -> Answer:
    from endplate.foundation.errors import EndplateError

    return (f"Error: {error}", error.exit_code) if isinstance(error, EndplateError) else None


def _of_the_system(error: BaseException) -> Answer:
    """Tell what the machine refused: a file, the disk, the memory."""
    if isinstance(error, MemoryError):
        return (
            "Error: not enough memory for this. Take fewer --fibres or --seeds, or a part of the recording.",
            BAD_INPUT,
        )
    if not isinstance(error, OSError):
        return None
    reason = error.strerror or str(error)
    if error.filename:
        return f"Error: {error.filename}: {reason}. Check the path and its permissions.", BAD_INPUT
    if error.errno == errno.ENOSPC:
        _discard_output()
        return f"Error: the output could not be written: {reason}. Free some space, or write elsewhere.", BAD_INPUT
    return None


def _of_ours(error: BaseException) -> str:
    words = " ".join(str(error).split())[:300]
    return (
        f"Sorry, Endplate failed where it should not have ({type(error).__name__}{': ' + words if words else ''}). "
        f"Please report it, with the command and what it prints when {DEBUG} is added; CONTRIBUTING.md says how."
    )


def _discard_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter has nothing to complain about at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # no real stream behind it (a test, an embedding)
        return


if __name__ == "__main__":
    sys.exit(main())
