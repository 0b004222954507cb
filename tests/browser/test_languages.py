"""The six languages in a browser: chosen without losing a word, with what a script writes as the server does."""

import re

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

from submissions.models import country_choices
from wsis.formats import MONTHS

pytestmark = pytest.mark.browser


def test_countries_are_in_the_order_that_unicode_gives_each_language(visitor):
    page = visitor().go("/elements-paper/")
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names = [name for _code, name in country_choices()[1:]]
        sort = "([names, language]) => names.toSorted(new Intl.Collator(language).compare)"
        assert page.evaluate(sort, [names, language]) == names, language


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_time_left_reads_the_same_from_the_server_and_from_the_script(visitor, language):
    one = visitor(locale=language)
    one.page.clock.install()
    page = one.go("/elements-paper/")
    page.evaluate(
        """() => {
          const card = document.querySelector("[data-closes]");
          card.dataset.closes = new Date(document.querySelector("[data-now]").dataset.now * 1000 + (125 * 60 + 30) * 1000).toISOString();
        }"""
    )
    page.clock.run_for(16_000)
    with translation.override(language):
        hours = ngettext("%(n)d hour", "%(n)d hours", 2) % {"n": 2}
        minutes = ngettext("%(n)d minute", "%(n)d minutes", 5) % {"n": 5}
        left = gettext("%(hours)s, %(minutes)s") % {"hours": hours, "minutes": minutes}
    # Between a number and its unit some languages set a blank at which no line ends.
    shown = re.sub(r"\s", " ", page.locator("[data-closes]").inner_text())
    assert left in shown


def test_the_visitors_own_time_has_the_pages_months_and_digits(visitor):
    page = visitor(locale="ar", timezone_id="Africa/Nairobi").go("/elements-paper/")
    shown = page.locator("[data-local]").inner_text()
    with translation.override("ar"):
        months = [gettext(month) for month in MONTHS]
    assert re.search(rf"^\d+ ({'|'.join(months)}) \d{{4}}\D+\d\d:\d\d \(Nairobi\)$", shown), shown


def test_enter_saves_and_a_language_button_keeps_what_was_typed(visitor):
    page = visitor().go("/elements-paper/themes/2/")
    page.locator("#id_text").fill("Typed, and not saved yet.")
    page.locator("summary").first.click()
    page.locator("#id_row-0-paragraph").fill("59")
    page.get_by_role("button", name="Français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("#id_text").input_value() == "Typed, and not saved yet."
    assert page.locator("#id_row-0-paragraph").input_value() == "59"
    page.locator("#id_row-0-paragraph").press("Enter")
    page.wait_for_url("**/themes/3/")
    assert page.locator("html").get_attribute("lang") == "fr"
    page.go_back()
    assert page.locator("#id_text").input_value() == "Typed, and not saved yet."


def test_fields_for_addresses_are_written_from_the_left_in_arabic(visitor):
    one = visitor(locale="ar")
    page = one.go("/elements-paper/come-back/")
    assert page.locator("[name=link]").evaluate("field => getComputedStyle(field).direction") == "ltr"
    page = one.go("/elements-paper/about-you/")
    assert page.locator("[name=email]").evaluate("field => getComputedStyle(field).direction") == "ltr"
    page = one.go("/elements-paper/themes/2/?row")
    # “12 bis” would stand there as “bis 12”.
    page.locator("#id_row-0-paragraph").fill("12 bis")
    assert page.locator("#id_row-0-paragraph").evaluate("field => getComputedStyle(field).direction") == "ltr"
