"""How a first visit goes on a bad link: 50 kbit/s and 600 ms, in Chromium's throttled mode, with an empty cache.

`python -m bench.slow_link` starts the stack, visits, prints, and stops it. A report, never a test: machines are noisy.
The yardstick beside each page is what the link alone takes for its bytes and its round trips.
"""

import statistics

from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import CHROMIUM_FLAGS, chromium
from tests.stack import Stack

BYTES_A_SECOND = 50_000 / 8
LATENCY = 600  # milliseconds
VISITS = 3
PAGES = {"front page": "/", "an area": "/elements-paper/themes/1/", "about you": "/elements-paper/about-you/"}

TIMES = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  const page = performance.getEntriesByType("navigation")[0];
  const bytes = [page, ...performance.getEntriesByType("resource")].reduce((sum, entry) => sum + entry.transferSize, 0);
  return [paint / 1000, page.loadEventEnd / 1000, bytes];
}"""


def visit(browser: Browser, url: str) -> tuple[float, float, int]:
    """Seconds to the first text on the screen and to everything, and bytes."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    page.goto(url, wait_until="load")
    page.wait_for_timeout(200)
    painted, loaded, size = page.evaluate(TIMES)
    context.close()
    return painted, loaded, size


def main() -> None:
    stack = Stack().start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            print(f"{'50 kbit/s, 600 ms':20} {'first text':>10} {'all':>8} {'bytes':>8} {'all / link alone':>18}")
            for name, path in PAGES.items():
                visits = [visit(browser, stack.url + path) for _turn in range(VISITS)]
                painted, loaded, size = (statistics.median(column) for column in zip(*visits, strict=True))
                # Two round trips: the page, then all that it asks for at once.
                alone = size / BYTES_A_SECOND + 2 * LATENCY / 1000
                print(f"{name:20} {painted:8.2f} s {loaded:6.2f} s {size:8.0f} {loaded / alone:18.2f}")
            browser.close()
    finally:
        stack.stop()
        stack.remove()


if __name__ == "__main__":
    main()
