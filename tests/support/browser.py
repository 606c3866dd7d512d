"""A real Chromium, driven by selenium; tests are skipped, saying why, where there is none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "artifacts" / "screenshots"
_AXE = ROOT / "build" / "axe" / "package" / "axe.min.js"
_TALLEST = 4000  # pixels of a picture


class Browser:
    """A window of a width, signed in or not."""

    def __init__(self, driver: webdriver.Chrome, base: str, width: int) -> None:
        self.driver, self.base, self.width = driver, base, width

    def open(self, path: str) -> None:
        """Go to a page."""
        self._size(900)
        self.driver.get(self.base + path)

    def widen(self, width: int) -> None:
        """Let the window, with the page that is open, have a width."""
        self.width = width
        self._size(900)

    def _size(self, height: int) -> None:
        metrics = {"width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": self.width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form, as a person does."""
        self.open("/signin")
        self.find("[name=email]").send_keys(email)
        self.find("[name=password]").send_keys(password)
        self.follow(self.find("main button"))

    def find(self, selector: str) -> WebElement:
        """The first element of a CSS selector; fails when there is none."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        """All elements of a CSS selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def press(self, text: str) -> None:
        """Press the button, or follow the link, that says so."""
        found = self.driver.find_element(By.XPATH, f"//main//*[self::button or self::a][normalize-space()='{text}']")
        self.follow(found)

    def follow(self, element: WebElement) -> None:
        """Click what leads to another page, and wait until it is there."""
        before = self.find("html")

        def is_gone(_: object) -> bool:
            try:
                before.is_enabled()
            except WebDriverException:  # stale or, while the next page comes, an error of the driver's own
                return True
            return False

        element.click()
        WebDriverWait(self.driver, 20).until(is_gone)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; fails when it does not come to."""
        WebDriverWait(self.driver, 20, ignored_exceptions=[StaleElementReferenceException]).until(lambda _: holds())

    @property
    def text(self) -> str:
        """What the page says."""
        return self.find("main").text

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.driver.execute_script("return document.documentElement.scrollWidth")) - self.width

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self._size(min(int(self.driver.execute_script("return document.documentElement.scrollHeight")), _TALLEST))
        self.driver.save_screenshot(str(SCREENSHOTS / f"{name}-{self.width}.png"))

    def complaints(self) -> list[str]:
        """What the browser's console said, such as of a policy that was broken."""
        told: list[dict[str, str]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [one["message"] for one in told if "favicon" not in one["message"]]

    def faults(self) -> list[str]:
        """What axe-core finds wrong that is serious or critical, with the elements."""
        if not _AXE.exists():
            pytest.skip("axe-core is not on this machine: `make browser` fetches it")
        if not self.driver.execute_script("return 'axe' in window"):
            self.driver.execute_script(_AXE.read_text("utf-8"))
        script = "axe.run({resultTypes: ['violations']}).then(arguments[0])"
        found: dict[str, Any] = self.driver.execute_async_script(script)
        return [
            f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']][:3]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]


@contextmanager
def browser(base: str, width: int = 1280, language: str = "fr") -> Iterator[Browser]:
    """A Chromium of its own for some pages, which prefers a language."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("Chromium and its driver are not on this machine: `make browser` installs them on Debian")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = [
            "--headless=new",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            f"--user-data-dir={profile}",
        ]
        if hasattr(os, "getuid") and os.getuid() == 0:
            arguments.append("--no-sandbox")  # Chromium refuses its sandbox to root
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        for one in arguments:
            options.add_argument(one)
        opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        opened.set_script_timeout(30)
        try:
            yield Browser(opened, base, width)
        finally:
            opened.quit()
