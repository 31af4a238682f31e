"""The product's own server, loaded beforehand and started at a word: a restart then costs what the server costs."""

import os
import sys

from intranet.kernel import config
from intranet.serving import serve


def main() -> None:
    """Wait for a line, then serve; at the end of input there is nothing to do."""
    if sys.stdin.readline():
        serve(config.load(os.environ))


if __name__ == "__main__":
    main()
