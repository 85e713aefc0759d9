"""Programs that come inside Python wheels."""

from importlib.util import find_spec
from pathlib import Path


def wheel_folder(package: str) -> Path | None:
    """Where a package is installed, without importing it; None where it is not."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])
