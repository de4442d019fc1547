"""A stored version as plain text."""

import pytest

from articles import texts
from articles.bodies import minutes, plain
from articles.tests.factories import BODY, live, make_article, make_draft


class TestALineForLists:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("It works [@slamon2001].", "It works."),
            ("Does it [@slamon2001; @hudis2007]? Yes.", "Does it? Yes."),
            ("It [@slamon2001, p. 3] works.", "It works."),
            ("It  works.\n", "It works."),
        ],
    )
    def test_has_no_citations(self, text, shown):
        assert plain(text) == shown


class TestTheTimeToRead:
    @pytest.mark.parametrize(("words", "time"), [(0, 1), (200, 1), (299, 1), (700, 4)])
    def test_is_a_minute_for_each_two_hundred_words(self, words, time):
        assert minutes(words) == time


@pytest.mark.django_db
class TestTheChangesOfADraft:
    def changes(self, draft):
        found = texts.changes(live(draft.article), draft)
        return [(change.key, change.kind) for change in found]

    def test_are_none_before_it_is_edited(self):
        assert self.changes(make_draft(make_article())) == []

    @pytest.mark.parametrize(
        ("text", "change"),
        [
            ({"title": "Changed"}, ("=title", "changed")),
            ({"summary": "Changed."}, ("=summary", "changed")),
            ({"key_points": ["Changed."]}, ("=key-points", "changed")),
            ({"written_by": "Changed"}, ("=author", "changed")),
            ({"passages": {"what-is-her2": "New."}}, ("what-is-her2", "changed")),
            ({"passages": {"what-is-her2": BODY, "b": "New."}}, ("b", "added")),
        ],
    )
    def test_name_each_part_that_a_reader_sees(self, text, change):
        assert self.changes(make_draft(make_article(), **text)) == [change]

    def test_are_all_of_it_where_nothing_is_live(self):
        draft = make_article(publish=False).versions.get()
        kinds = {change.kind for change in texts.changes(None, draft)}
        assert kinds == {"added"}
