"""``python -m endplate``: the command line where the script is not on the path."""

import sys

from endplate.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
