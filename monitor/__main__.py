"""`python -m monitor` is the command `rekognition-monitor`."""

from __future__ import annotations

import sys

from monitor.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
