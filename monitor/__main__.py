"""`python -m monitor` is the command `rekognition-monitor`."""

from __future__ import annotations

import gc
import sys

from monitor.cli import main as cli


def main() -> int:
    """Run the command that the process was started with; its exit code.

    The process is to end then. Python would look through everything that it holds for garbage first, which takes a
    fifth of the time of `status`; what is frozen is not looked at.
    """
    code = cli.main()
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(main())
