"""Somebody at a browser: reads headings, fills fields by their labels, and notices what is wrong with a page."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

PASSWORD = "demo-only-Passw0rd"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = ((1280, 900), (390, 844))

# What the fixtures `serve` and `visitor` are.
Serve = Callable[..., AbstractContextManager[str]]
Visitor = Callable[..., "Person"]


class Person:
    """One browser window. `faults` collects console errors and requests that leave the machine."""

    def __init__(self, context: BrowserContext, site: str, *, shots: str = "") -> None:
        self.site = site
        self.shots = Path(shots) if shots else None
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser itself reports every answer of 4xx; ours are deliberate (422: look at the form again).
        if message.type in ("error", "warning") and "status of 422" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.faults.append(f"{self.page.url} asked for {request.url}")

    def sign_in(self, email: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda address: "/accounts/login" not in address)

    def signs_out(self) -> None:
        self.page.locator("details.account summary").click()
        self.page.get_by_role("button", name="Sign out").click()
        self.page.wait_for_url(self.site + "/")

    def goes_to(self, path: str) -> None:
        """Open a page and look it over at both widths."""
        self.page.goto(path)
        self.looks_over()

    def looks_over(self) -> None:
        """The page at hand has no axe violation and no sideways scroll, wide or narrow."""
        assert self.objections() == []

    def objections(self) -> list[str]:
        """What is wrong with the page at hand, wide or narrow: axe's violations, and scrolling sideways."""
        wrong = []
        for width, height in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": height})
            sideways = self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            if sideways:
                wrong.append(f"{self.page.url} scrolls sideways at {width}")
            found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": RULES}})
            for violation in found.response["violations"]:
                where = [" ".join(node["target"]) for node in violation["nodes"]]
                wrong.append(f"{self.page.url} at {width}: {violation['id']} of {', '.join(where)}")
            self._picture(width)
        self.page.set_viewport_size({"width": WIDTHS[0][0], "height": WIDTHS[0][1]})
        return wrong

    def _picture(self, width: int) -> None:
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
            name = (
                re.sub(r"[^a-z0-9]+", "-", self.page.url.removeprefix(self.site).lower()).strip("-") or "home"
            )
            self.page.screenshot(path=str(self.shots / f"{name}-{width}.png"), full_page=True)

    def reads(self, text: str) -> bool:
        """Whether the page's main part says this."""
        return text in self.page.locator("main").inner_text()
