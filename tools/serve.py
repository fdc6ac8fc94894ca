"""Show a report folder in a browser, to this machine only: ``python tools/serve.py FOLDER --port 8000``."""

from __future__ import annotations

import argparse
import functools
import http.server
import sys
from pathlib import Path


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serve files and do not print a line per request."""

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


def open_server(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """Return a server of `folder` on 127.0.0.1, on `port` or, when that is taken, on a free one."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    try:
        return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        return http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C; say so when there is nothing to serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args(arguments)
    pages = sorted(chosen.folder.glob("*.html"))
    if not pages:
        print(f"There is no report in {chosen.folder} yet: make one with 'make run'.", file=sys.stderr)
        return 2
    first = "" if (chosen.folder / "index.html").is_file() else pages[0].name
    with open_server(chosen.folder, chosen.port) as server:
        print(
            f"Showing ./{chosen.folder} at http://127.0.0.1:{server.server_port}/{first} (Ctrl-C ends it)", flush=True
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
