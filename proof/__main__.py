"""make proof: every claim of this folder, or the one named; exit status 1 where one does not hold.

make proof
make proof ARGS=dates
make proof ARGS="kills --rows 5000 --kills 5 --wipes 2 --stops 1"
make proof ARGS="pages --shots FOLDER"
"""

import subprocess
import sys

PYTHON = sys.executable
NAIVE = ("--app", "proof.naive", "--rows", "20000", "--kills", "6", "--wipes", "1", "--stops", "1")


def dates() -> bool:
    """Due days and days of destruction, against an oracle."""
    return _run("-m", "pars.devstack", "exec", "--", PYTHON, "-m", "proof.dates") == 0


def kills(*arguments: str) -> bool:
    """No credit lost or doubled, whatever is killed; and the same kills find a naive build out."""
    held = _run("-m", "proof.kills", *arguments) == 0
    caught = bool(arguments) or _run("-m", "proof.kills", *NAIVE) == 1
    if not arguments:
        print(f"kills: the naive build was {'caught' if caught else 'NOT caught: the proof proves nothing'}")
    return held and caught


def pages(*arguments: str) -> bool:
    """Every page open to eye, ear and keyboard, wide and narrow."""
    return _run("-m", "pars.devstack", "exec", "--", PYTHON, "-m", "proof.pages", *arguments) == 0


def _run(*command: str) -> int:
    return subprocess.run([PYTHON, *command], check=False).returncode


def main(arguments: list[str]) -> int:
    match arguments:
        case []:
            held = [dates(), kills(), pages()]
        case ["dates"]:
            held = [dates()]
        case ["kills", *rest]:
            held = [kills(*rest)]
        case ["pages", *rest]:
            held = [pages(*rest)]
        case _:
            print(__doc__)
            return 2
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
