"""`python -m phoneline` is the `phoneline` command."""

from phoneline.cli import main

if __name__ == "__main__":
    main()
