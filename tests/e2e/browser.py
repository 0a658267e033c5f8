"""The citizens' app in a real browser, before the real server with its demo data.

Needs Chromium and the built app (`npm ci && npm run build:h5` in channels/app). Where one is
missing the tests are skipped, visibly; with CI=true they fail.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "channels" / "app"
BUILT = APP / "dist" / "build" / "h5"
AXE = APP / "node_modules" / "axe-core" / "axe.min.js"

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = (360, 780)
STARTS_WITHIN_S = 60.0
PATIENCE_MS = 10_000

PAGES = {
    "首页": "/pages/home/index",
    "查事项": "/pages/search/index?q=身份证",
    "办事指南": "/pages/guide/index?id=idcard-lost&situation=b",
    "问一问": "/pages/chat/index",
    "办事大厅": "/pages/halls/index",
    "我的": "/pages/me/index",
}


def need(what: str, there: bool) -> None:
    """Skip without it; fail where nothing may be missing."""
    if there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"没有 {what}", pytrace=False)
    pytest.skip(f"没有 {what}")


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    need("Chromium（apt-get install chromium）", found is not None)
    return found or ""


@contextmanager
def demo_server(folder: Path) -> Iterator[str]:
    """The base address of `banshitong serve` with a fresh database and the demo's halls."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "BANSHITONG_VAR_DIR": str(folder),
        "BANSHITONG_DATABASE_URL": f"sqlite://{folder}/app.db",
        "BANSHITONG_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    program = (sys.executable, "-m", "backend.cli")
    for step in (("migrate",), ("seed", "--demo")):
        done = subprocess.run((*program, *step), cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    with (folder / "server.log").open("w") as log:
        serve = (*program, "serve", "--port", str(port))
        server = subprocess.Popen(serve, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait_for(f"{base}/health/ready", server, folder / "server.log")
            yield base
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@contextmanager
def a_browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Citizen:
    """Somebody with a phone, who notices what is wrong behind the screen, too."""

    base: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def visit(self, path: str) -> None:
        """Open a page as from a link: everything is loaded anew."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.base}/#{path}")
        self._wait_until_loaded()

    def reload(self) -> None:
        self.page.reload()
        self._wait_until_loaded()

    def _wait_until_loaded(self) -> None:
        self.page.locator("main").wait_for()
        expect(self.page.get_by_label("正在加载")).to_have_count(0)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def has_sideways_scroll(self) -> bool:
        return bool(
            self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
        )


@contextmanager
def a_citizen(
    browser: Browser, base: str, *, size: tuple[int, int] = PHONE, expects_failures: bool = False
) -> Iterator[Citizen]:
    """A fresh phone; leaving the block fails if a page complained or asked somebody else's server.

    `expects_failures`: this citizen meets a missing page or a dead network, which browsers log.
    """
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    citizen = Citizen(base, context, page)

    def notice_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != base:
            citizen.complaints.append(f"asked another server: {request.url}")

    def notice_log(kind: str, words: str) -> None:
        if expects_failures and words.startswith("Failed to load resource"):
            return
        if kind in ("error", "warning"):
            citizen.complaints.append(f"console {kind}: {words}")

    page.on("request", notice_request)
    page.on("console", lambda message: notice_log(message.type, message.text))
    page.on("pageerror", lambda error: citizen.complaints.append(f"uncaught: {error}"))
    try:
        yield citizen
    finally:
        context.close()
    assert citizen.complaints == []
