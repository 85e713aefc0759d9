"""Static files: what of USWDS we serve, and how files get their lasting names."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage

_USWDS = "uswds"
_STYLESHEET = "css/uswds.min.css"
# Not named in the stylesheet: the icons, and the face our own stylesheet asks for.
_ALSO = (
    "img/sprite.svg",
    *(f"fonts/public-sans/PublicSans-{cut}.woff2" for cut in ("Regular", "Italic", "SemiBold", "Bold")),
)
_ADDRESS = re.compile(r"url\((?:\"|')?\.\./([^)\"'?#]+)")


class Finder(FileSystemFinder):
    """Collects the few dozen files of USWDS that its stylesheet and our pages use, not its 3,000."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        for path, storage in super().list(ignore_patterns):
            if storage.prefix != _USWDS or path in _used(Path(storage.location)):
                yield path, storage


@cache
def _used(dist: Path) -> frozenset[str]:
    """Paths within USWDS's `dist`: the stylesheet, what it refers to, and what our pages name. Read once a process."""
    stylesheet = (dist / _STYLESHEET).read_text(encoding="utf-8")
    return frozenset({_STYLESHEET, *_ALSO, *_ADDRESS.findall(stylesheet)})


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """File names that carry a digest, compressed beside.

    Source maps are left alone: USWDS names one we do not serve. Until `collectstatic` has run, names stay
    plain.
    """

    support_js_module_import_aggregation = False
    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\((?P<quote>['"]{0,1})\s*(?P<url>.*?)(?P=quote)\))""",
                (
                    r"""(?P<matched>@import\s*(?P<quote>["'])\s*(?P<url>.*?)(?P=quote))""",
                    """@import url("%(url)s")""",
                ),
            ),
        ),
    )

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name
