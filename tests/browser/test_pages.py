"""What holds on every page: nothing from elsewhere, light, whole at 320 pixels, by keyboard and without script."""

import gzip
import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.steps import say_who, sign_in

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
PUBLIC = [
    "/",
    "/elements-paper/themes/1/",
    "/elements-paper/themes/8/",
    "/elements-paper/about-you/",
    "/elements-paper/send/",
    "/elements-paper/come-back/",
    "/elements-paper/offline/",
    "/elements-paper/draft/",
    "/privacy/",
    "/how-the-deadline-works/",
]


def test_the_stylesheet_weighs_less_than_eight_kilobytes():
    assert len(gzip.compress((STATIC / "css" / "site.css").read_bytes(), 9)) < 8_000


def weigh(one, path: str) -> dict[str, int]:
    """Bytes on the wire of a page and all it needs, by address: headers and body, compressed as they travel."""
    sizes: dict[str, int] = {}
    urls: dict[str, str] = {}
    session = one.context.new_cdp_session(one.page)
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({urls.get(event["requestId"], "?"): int(event["encodedDataLength"])}),
    )
    one.go(path).wait_for_load_state("networkidle")
    session.detach()
    return sizes


@pytest.fixture(scope="module")
def as_seeded(stack):
    """Other files share the stack, and leave deadlines to the second and changes of them, which a page says in words."""
    stack.run_code(AS_SEEDED)


AS_SEEDED = """
from datetime import datetime
from zoneinfo import ZoneInfo
from themes.models import Announcement, AskedChange, Consultation, Extension
for model in (AskedChange, Announcement, Extension):
    model.objects.all().delete()
for consultation in Consultation.objects.all():
    midnight = datetime(datetime.now().year + 2, 7, 16, tzinfo=ZoneInfo(consultation.time_zone))
    Consultation.objects.filter(pk=consultation.pk).update(closed_at=None, closes_at=midnight)
"""


@pytest.mark.usefixtures("as_seeded")
@pytest.mark.parametrize("language", ["en", "ar", "ru"])
@pytest.mark.parametrize("path", PUBLIC)
def test_weight_on_the_wire(visitor, path, language):
    """An empty cache: HTML and style at most 14 kB, with script at most 20 kB, at most four requests. Then 8 kB."""
    one = visitor(locale=language)
    sizes = weigh(one, path)
    script = sum(size for url, size in sizes.items() if url.endswith(".js"))
    light, whole = sum(sizes.values()) - script, sum(sizes.values())
    later = sum(weigh(one, path).values())
    sys.stdout.write(
        f"weight {language} {path}: {light} B, with script {whole} B, {len(sizes)} requests; again {later} B\n"
    )
    assert len(sizes) <= 4
    assert light <= 14_000, sizes
    assert whole <= 20_000, sizes
    assert later <= 8_000


def test_what_is_static_is_named_by_its_content_and_kept_for_good(visitor):
    one = visitor()
    page = one.go("/")
    for address in page.evaluate(
        "[...document.querySelectorAll('link[href], script[src]')].map((e) => e.href || e.src)"
    ):
        assert re.search(r"\.[0-9a-f]{12}\.(css|js|svg)$", address)
        assert "immutable" in one.context.request.get(address).headers["cache-control"]


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("path", PUBLIC)
def test_nothing_is_wider_than_the_window(visitor, path, width):
    one = visitor(viewport={"width": width, "height": 800})
    one.go(path)
    assert one.overflow() == 0
    one.shoot(f"{path.strip('/').replace('/', '-') or 'home'}-{width}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_paper(visitor, scheme):
    """Contrast of ink, quiet text, links, states and buttons against what they stand on: at least 4.5, links 7."""
    one = visitor(color_scheme=scheme)
    page = one.go("/")
    one.shoot(f"home-{scheme}")
    found = page.evaluate(
        """() => {
          const parse = (value) => value.match(/[\\d.]+/g).map(Number);
          const light = (rgb) => {
            const [r, g, b] = rgb.slice(0, 3).map((v) => v / 255).map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
          };
          const paper = (element) => {
            for (let e = element; e; e = e.parentElement) {
              const colour = parse(getComputedStyle(e).backgroundColor);
              if (colour.length === 3 || colour[3] > 0) return colour;
            }
          };
          const ratio = (element) => {
            const [a, b] = [light(parse(getComputedStyle(element).color)), light(paper(element))].sort((x, y) => y - x);
            return (a + .05) / (b + .05);
          };
          const of = (selector) => Math.min(...[...document.querySelectorAll(selector)].map(ratio));
          return {body: of("main p"), quiet: of(".about, .over, .area-state"), link: of("main a:not(.button)"), button: of(".button"), state: of(".state")};
        }"""
    )
    assert found["link"] >= 7
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}


def test_the_journey_without_script(visitor, stack):
    one = visitor(java_script_enabled=False)
    page = one.go("/")
    page.get_by_role("link", name="Start writing").click()
    page.get_by_label("Your input").fill("Without script.")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Digital economy")
    one.go("/elements-paper/about-you/")
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_role("heading", name="7 answers need you")).to_be_visible()
    say_who(page, email="noscript@example.org")
    page.get_by_role("button", name="Send the submission").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def test_without_script_nothing_stands_there_that_only_a_script_could_do(visitor):
    one = visitor(java_script_enabled=False)
    page = one.go("/elements-paper/themes/1/")
    page.get_by_label("Your input").fill("Without script.")
    page.get_by_role("button", name="Save", exact=True).click()
    # The page's own, in which the server knows no other time than its own.
    expect(page.locator(".saved")).to_have_text(re.compile(r"^\s*Saved \d\d:\d\d UTC\s*$"))
    for path in ("", "themes/1/", "about-you/", "send/", "come-back/", "offline/", "draft/"):
        one.go(f"/elements-paper/{path}")
        assert page.locator("[hidden]").filter(visible=True).count() == 0, path


@pytest.mark.parametrize(
    ("path", "form", "field"),
    [("come-back/", "#open", "link"), ("come-back/", "#mail", "email"), ("offline/", "#upload", "")],
)
def test_without_script_a_refused_form_is_in_view(visitor, path, form, field):
    one = visitor(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = one.go("/elements-paper/themes/1/")
    page.get_by_label("Your input").fill("A draft.")
    page.get_by_role("button", name="Save", exact=True).click()
    one.go(f"/elements-paper/{path}")
    if field:
        page.locator(f"{form} [name={field}]").fill("nonsense")
    page.locator(f"{form} button").first.click()
    expect(page.locator(".errors")).to_be_in_viewport()
    one.complaints[:] = [text for text in one.complaints if "422 (" not in text]


def test_the_journey_by_keyboard_alone(visitor):
    one = visitor()
    page = one.go("/elements-paper/themes/101/")
    keyboard = page.keyboard

    def tab_to(name: str) -> None:
        for _press in range(40):
            keyboard.press("Tab")
            focused = page.evaluate(
                "document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || ''"
            )
            if name in focused:
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"the focus on {name} cannot be seen"
                return
        pytest.fail(f"{name} cannot be reached by keyboard")

    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the content"
    keyboard.press("Enter")
    tab_to("Your input")
    keyboard.type("By keyboard.")
    tab_to("Save and go to “About you”")
    keyboard.press("Enter")
    page.wait_for_url(re.compile("/about-you/"))
    tab_to("An individual")
    keyboard.press("Space")
    tab_to("Government")
    for _press in range(3):
        keyboard.press("ArrowDown")
    tab_to("Country or territory")
    keyboard.type("Kenya")
    tab_to("Your name")
    keyboard.type("A. Keys")
    tab_to("Your e-mail")
    keyboard.type("keys@example.org")
    tab_to("With my name")
    keyboard.press("Space")
    tab_to("I have read")
    keyboard.press("Space")
    tab_to("Save and check")
    keyboard.press("Enter")
    page.wait_for_url(re.compile("/send/"))
    tab_to("Send the submission")
    keyboard.press("Enter")
    page.wait_for_url(re.compile("/receipt/"))
    expect(page.get_by_text("Technical community")).to_be_visible()


def test_on_paper_there_is_what_was_written_and_nothing_to_press(visitor):
    one = visitor()
    page = one.go("/elements-paper/themes/4/")
    page.get_by_label("Your input").fill("To be circulated on paper.")
    page.get_by_role("button", name="Save and see all areas").click()
    page.wait_for_url("**/elements-paper/**")
    one.go("/elements-paper/draft/")
    expect(page.get_by_role("link", name="Change Environmental impacts")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("To be circulated on paper.")).to_be_visible()
    for pressed in (
        page.get_by_role("button").all() + page.get_by_role("link", name="Change Environmental impacts").all()
    ):
        expect(pressed).to_be_hidden()
    one.shoot("draft-print")


def test_errors_take_the_focus_and_lead_to_the_field(visitor):
    one = visitor()
    page = one.go("/elements-paper/about-you/")
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("Error:")
    one.shoot("about-you-errors")
    page.get_by_role("link", name="Enter your name").click()
    expect(page.get_by_label("Your name")).to_be_focused()


def test_leaving_with_unsaved_text_asks_first(visitor):
    one = visitor()
    page = one.go("/elements-paper/themes/2/")
    page.get_by_label("Your input").fill("Not saved yet.")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="All areas").first.click()
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("Your input")).to_have_value("Not saved yet.")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/themes/3/")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("width", [360, 1280])
def test_admin_under_the_strict_policy(visitor, stack, width):
    """Django's own scripts and styles, under the same policy as the public pages: the console stays silent."""
    one = visitor(viewport={"width": width, "height": 900})
    page = one.go("/admin/")
    sign_in(page, stack)
    for path in (
        "/admin/",
        "/admin/submissions/submission/",
        "/admin/submissions/contribution/",
        "/admin/submissions/record/",
        "/admin/submissions/mail/",
        "/admin/themes/consultation/",
        "/admin/themes/theme/",
        "/admin/auth/user/",
        "/admin/themes/consultation/add/",
    ):
        one.go(path)
        one.shoot(f"{path.strip('/').replace('/', '-')}-{width}")
    assert page.get_by_role("heading", level=1).count() == 1
