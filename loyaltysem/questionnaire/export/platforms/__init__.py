"""One module per platform, each with a ``PLATFORM``; a new module is found by itself."""
