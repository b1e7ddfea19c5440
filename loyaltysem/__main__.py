"""``python -m loyaltysem``."""

from loyaltysem.cli import main

main()
