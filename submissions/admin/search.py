"""What the lists of submissions and of contributions have for a search: its order, and what it says of itself."""

import re
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.queries.filtered import SORT, UNSEARCHABLE
from submissions.queries.filters import UnknownFilter
from submissions.search import index
from submissions.search.find import Found, by_relevance
from submissions.search.terms import Terms, parse
from submissions.text.reference import is_reference

# As references are printed: three groups of four signs.
REFERENCE = re.compile(r"\w{4}-\w{4}-\w{4}")
RELEVANCE = "relevance"


class SearchList(ChangeList):
    """A list that knows in which order it shows what was searched for."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Django resolves each row's own address again to know whether these belong to it: a third of a page's time.
        self.carried, self.preserved_filters = self.preserved_filters, ""

    def url_for_result(self, result: Any) -> str:
        return f"{super().url_for_result(result)}{'?' if self.carried else ''}{self.carried}"

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        filters: dict[str, Any] = super().get_filters_params(params)
        filters.pop(SORT, None)
        return filters

    def orders(self) -> list[tuple[str, str, bool]]:
        """The orders of a search: words, address, and whether it is this one."""
        if not self.query:
            return []
        is_by_relevance = self.params.get(SORT) == RELEVANCE and ORDER_VAR not in self.params
        other = [PAGE_VAR, ORDER_VAR]
        return [
            (_("Newest first"), self.get_query_string(remove=[SORT, *other]), not is_by_relevance),
            (_("Most relevant first"), self.get_query_string({SORT: RELEVANCE}, other), is_by_relevance),
        ]


class SearchMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """`path` leads from a row to its submission: empty, or ending in __."""

    path = ""

    def find(self, request: HttpRequest, queryset: QuerySet[Any], terms: Terms) -> Found:
        """The rows that have the terms."""
        raise NotImplementedError

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SearchList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        if UNSEARCHABLE in search_term:
            raise IncorrectLookupParameters
        terms = parse(search_term)
        try:
            found = self.find(request, queryset, terms)
        except UnknownFilter as refusal:
            raise IncorrectLookupParameters from refusal
        if request.method == "GET":
            self._say(request, search_term)
        if request.GET.get(SORT) != RELEVANCE or ORDER_VAR in request.GET or not terms.wanted:
            return found.rows, False
        if found.is_common:
            messages.info(request, _("These words are too common to be ranked: the newest stand first."))
            return found.rows, False
        return by_relevance(found.rows, terms, is_text=bool(self.path)), False

    def _say(self, request: HttpRequest, typed: str) -> None:
        """When a reference cannot be one, and what is not indexed yet."""
        for word in typed.split():
            if REFERENCE.fullmatch(word) and not is_reference(word):
                sentence = _("“%(word)s” is no reference: a character in it is wrong, or two are swapped.")
                messages.warning(request, sentence % {"word": word})
        if new := index.waiting():
            sentence = ngettext(
                "%(n)d text came in so recently that a search does not find it yet. It does within a minute.",
                "%(n)d texts came in so recently that a search does not find them yet. It does within a minute.",
                new,
            )
            messages.info(request, sentence % {"n": new})
