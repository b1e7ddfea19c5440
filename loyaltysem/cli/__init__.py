"""The command line: parses arguments, calls the package, prints. Heavy rooms are imported inside commands."""

from loyaltysem.cli.app import main

__all__ = ["main"]
