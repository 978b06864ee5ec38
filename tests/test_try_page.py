"""The page on which one can try the library, built and driven in a real browser without a network."""

import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
if CHROMIUM is None or shutil.which("npm") is None:
    pytest.skip("needs chromium and npm", allow_module_level=True)

BUILD = Path(__file__).resolve().parents[1] / "docs" / "try" / "build.py"
HOSTILE = "I am <furious>! <img src=x onerror=alert(1)>"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The page, built and served from this machine."""
    site = tmp_path_factory.mktemp("try")
    subprocess.run([sys.executable, str(BUILD), str(site)], check=True)  # noqa: S603  our own script
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_message_and_a_draft_are_read_advised_and_reviewed(address):
    asked, broken = [], []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(f"{address}index.html")
        page.wait_for_selector("#look:enabled", timeout=180_000)
        shown = page.inner_text("#out")
        for part in ("repeat contact", "Goes to senior agent", "What is best said next", "T108"):
            assert part in shown
        page.fill("#message", HOSTILE)
        page.fill("#draft", "Where shall I send it?")
        page.click("#look")
        shown = page.inner_text("#out")
        assert HOSTILE in shown
        assert page.locator("#out img").count() == 0
        assert "may be sent" in shown or "may not be sent" in shown
        assert (
            page.evaluate_handle("document.documentElement").evaluate("e => e.scrollWidth") <= 390
        )
        browser.close()
    assert broken == []
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)
