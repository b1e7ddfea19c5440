"""The command line: parses arguments, calls the package, prints.

Heavy rooms are imported inside the commands, so that help is quick.
"""

from loyaltysem.cli.app import main

__all__ = ["main"]
