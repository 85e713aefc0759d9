"""Every page of the access table, read by axe, tabbed through and held beside the screen's edges; takes half an hour.

python -m proof.pages --shots FOLDER    with pictures of each, wide and narrow
"""

import argparse
import os
import subprocess
import sys

WALK = "tests/browser/walk.py"


def main() -> int:
    """0 where every page holds. The walk is a test of pytest's, for the sake of its fixtures."""
    asked = argparse.ArgumentParser(prog="proof.pages")
    asked.add_argument("--shots", default="", metavar="FOLDER")
    named = {"SHOTS": asked.parse_args().shots}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", WALK], env=os.environ | named, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
