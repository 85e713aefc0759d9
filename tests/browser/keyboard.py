"""Somebody who has no mouse: tabs from place to place, reads where they are, types, presses Enter or the space bar."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import FileChooser

from tests.browser.person import PASSWORD, Person

ROUNDS = 3  # past the end of a page, before somebody gives up

# The name is what a screen reader would say first; `seen`: an outline is drawn, on the screen, and no list that
# scrolls hides it.
_WHERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const label = at.labels?.length ? at.labels[0] : null;
  const drawnByLabel = ["radio", "checkbox"].includes(at.type) && label;
  const drawn = getComputedStyle(drawnByLabel ? label : at, drawnByLabel ? "::before" : null);
  const box = (drawnByLabel ? label : at).getBoundingClientRect();
  const name = at.getAttribute("aria-label") ?? label?.innerText ?? at.innerText ?? "";
  const frames = [];
  for (let up = at.parentElement; up; up = up.parentElement) {
    if (getComputedStyle(up).overflowY !== "visible") frames.push(up.getBoundingClientRect());
  }
  const cut = frames.some((frame) => box.bottom <= frame.top || box.top >= frame.bottom
    || box.right <= frame.left || box.left >= frame.right);
  window.stops ??= new Map();
  if (!window.stops.has(at)) window.stops.set(at, window.stops.size);
  return {
    number: window.stops.get(at),
    kind: at.type || at.tagName.toLowerCase(),
    name: name.replace("(optional)", "").replace(/\\s+/g, " ").trim(),
    seen: drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) >= 2
      && !cut && box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@dataclass(frozen=True)
class Stop:
    """Where the focus is. `number` counts the page's stops in the order they were first met."""

    number: int
    kind: str
    name: str
    seen: bool


class Keyboard:
    """A person's keyboard. Every stop on the way must show that it has the focus: else AssertionError."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    def where(self) -> Stop | None:
        """The stop that has the focus; None: the document as a whole."""
        found: dict[str, Any] | None = self.page.evaluate(_WHERE)
        return Stop(**found) if found else None

    def tab(self) -> Stop | None:
        """Go on to the next stop."""
        self.page.keyboard.press("Tab")
        stop = self.where()
        assert stop is None or stop.seen, f"{self.page.url}: nothing shows that {stop} has the focus"
        return stop

    def reaches(self, name: str, kind: str = "") -> Stop:
        """Tab on until the stop of this name (and kind: a, button, text, radio …)."""
        passed: list[Stop | None] = [self.where()]
        while passed.count(None) < ROUNDS:
            stop = passed[-1]
            if stop and stop.name == name and kind in ("", stop.kind):
                return stop
            passed.append(self.tab())
        stops = sorted({f"{stop.kind} {stop.name}" for stop in passed if stop})
        raise AssertionError(f"{self.page.url}: Tab does not come to {kind} {name!r}, only to {stops}")

    def presses(self, name: str, kind: str = "", *, stays: bool = False) -> None:
        """Enter on a link, a button or a summary, and on to the page it leads to, unless it `stays` here."""
        self.reaches(name, kind)
        self.enters(stays=stays)

    def enters(self, *, stays: bool = False) -> None:
        """Enter where the focus is."""
        if stays:
            self.page.keyboard.press("Enter")
        else:
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")

    def ticks(self, name: str) -> None:
        """Space on a checkbox."""
        self.reaches(name, "checkbox")
        self.page.keyboard.press("Space")

    def picks(self, name: str, first: str) -> None:
        """A radio button, by arrow keys from the one that takes the focus: `first`, or whichever is checked."""
        self.reaches(first, "radio")
        for _ in range(20):
            stop = self.where()
            if stop and stop.name == name:
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: no way from {first!r} to {name!r}")

    def types(self, field: str, text: str) -> None:
        """Text into a field, a date into its parts, or the beginning of an option's words into a list."""
        self.reaches(field)
        self.page.keyboard.type(text)

    def attaches(self, field: str, path: Path) -> None:
        """A file, through the dialog that Enter opens."""
        self.reaches(field, "file")
        dialogs: list[FileChooser] = []
        self.page.once("filechooser", lambda dialog: dialogs.append(dialog))  # noqa: PLW0108  Playwright takes no built-in.
        for _ in range(10):  # Chromium opens none while it is busy with a download that just began.
            self.page.keyboard.press("Enter")
            self.page.wait_for_timeout(500)
            if dialogs:
                dialogs[0].set_files(path)
                return
        raise AssertionError(f"{self.page.url}: Enter on {field!r} opens no dialog")

    def downloads(self, name: str) -> bytes:
        """What a link gives as a file."""
        self.reaches(name)
        with self.page.expect_download() as download:
            self.page.keyboard.press("Enter")
        return Path(download.value.path()).read_bytes()

    def signs_in(self, email: str) -> None:
        """From the home page."""
        self.page.goto("/")
        self.skips_to_main()
        self.page.goto("/")
        self.presses("Sign in", "a")
        self.types("Email", email)
        self.types("Password", PASSWORD)
        self.enters()

    def skips_to_main(self) -> None:
        """The first stop of a fresh page leads past the header."""
        first = self.tab()
        assert first is not None
        assert first.name == "Skip to main content"
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main"
        self.tab()
        assert self.page.evaluate("document.querySelector('main').contains(document.activeElement)")

    def gets_round(self) -> None:
        """Tab past every stop of the page, whichever has the focus at first, and so out of each again."""
        self.page.evaluate("window.stops = new Map()")
        every = int(self.page.evaluate(_TABBABLE))
        met: set[int] = set()
        for _ in range(4 * every + 4):  # a date has four parts
            if (stop := self.tab()) is not None:
                met.add(stop.number)
            if len(met) == every:
                return
        raise AssertionError(f"{self.page.url}: Tab comes to {len(met)} of {every} stops")


# What Tab should come to: one stop for each group of radio buttons, none inside what is closed.
_TABBABLE = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const open = all.filter((one) => !one.disabled && one.type !== "hidden" && one.tabIndex >= 0);
  const there = open.filter((one) => one.checkVisibility());
  const groups = new Set(there.filter((one) => one.type === "radio").map((one) => one.form?.action + one.name));
  return there.filter((one) => one.type !== "radio").length + groups.size;
}"""
