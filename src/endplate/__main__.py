"""``python -m endplate``: the command line without an installed script."""

from endplate.cli.main import main

if __name__ == "__main__":
    main()
