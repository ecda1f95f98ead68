"""Somebody who has a keyboard and nothing else."""

from playwright.sync_api import Locator, Page, expect

PATIENCE = 250
"""So many presses of Tab and whoever looks for something gives up."""


class Keyboard:
    """What a keyboard can do in a tab. What Tab never comes to can't be used."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, path: str) -> None:
        """By its address, and past the menu."""
        self.page.goto(path)
        self.press(self.page.get_by_role("link", name="Skip to the page"))

    def reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(PATIENCE):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {target}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        self.reach(target)
        self.page.keyboard.press(key)

    def button(self, name: str, of: str = "") -> None:
        """The first to be seen of that name, or of those the one that speaks of somebody or something."""
        self.press(self.page.get_by_role("button", name=name).filter(has_text=of, visible=True).first)

    def send(self, name: str, of: str = "") -> None:
        """A button that leads to another page, until that is there."""
        with self.page.expect_navigation():
            self.button(name, of)

    def link(self, name: str) -> None:
        with self.page.expect_navigation():
            self.press(self.page.get_by_role("link", name=name).filter(visible=True).first)

    def unfold(self, name: str, of: str = "") -> None:
        self.press(self.page.locator("summary").filter(has_text=name).filter(has_text=of, visible=True).first)

    def write(self, label: str, text: str) -> None:
        """Into the first open field of that label, in place of what stands there."""
        self.reach(self.page.get_by_label(label, exact=True).filter(visible=True).first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        self.press(self.page.get_by_label(label).filter(visible=True).first, "Space")
