"""Searches that found nothing are counted, when somebody says so; nothing else about them is."""

import datetime as dt

import pytest
from django.test import Client

from articles import missing
from articles.models import SearchMiss
from articles.tests.desk_forms import text
from articles.tests.factories import AT, make_article, make_term

pytestmark = pytest.mark.django_db
TOMORROW = AT + dt.timedelta(days=1)


def tell(q, *, site="same-origin"):
    client = Client(headers={"sec-fetch-site": site})
    return client.post("/search/missed/", {"q": q}, follow=True)


def counted():
    return dict(SearchMiss.objects.values_list("words", "count"))


class TestAMiss:
    def test_is_counted_when_a_reader_says_so(self):
        shown = tell("Éyebrows!").content.decode()
        assert counted() == {"eyebrows": 1}
        assert "Thank you. The editors will see these words" in shown
        assert 'id="missed"' not in shown

    def test_is_counted_again_under_the_same_words(self):
        missing.count_miss("eyebrows", at=AT)
        missing.count_miss("EYEBROWS", at=TOMORROW)
        (row,) = SearchMiss.objects.all()
        assert (row.count, row.last_asked_on) == (2, TOMORROW.date())

    def test_is_not_counted_by_asking(self, client):
        client.get("/search/", {"q": "eyebrows"})
        assert counted() == {}

    def test_of_a_slip_of_spelling_is_told_by_hand_alone(self, client):
        make_term("Zebrafish")
        sure = text(client.get("/search/", {"q": "eyebrows"}))
        slip = text(client.get("/search/", {"q": "zebrafisch"}))
        assert 'id="missed"' in sure
        assert "Did you mean" in slip
        assert 'id="missed"' not in slip
        assert "Tell us that we have nothing on this" in slip

    def test_is_none_when_something_is_found(self):
        make_article()
        make_term("Port")
        tell("protein")
        tell("port")
        assert counted() == {}

    def test_sets_no_cookie(self):
        client = Client(headers={"sec-fetch-site": "same-origin"})
        client.post("/search/missed/", {"q": "eyebrows"})
        assert not client.cookies

    def test_told_by_another_site_is_refused(self):
        assert tell("eyebrows", site="cross-site").status_code == 403
        assert counted() == {}

    def test_is_no_page_to_look_at(self, client):
        assert client.get("/search/missed/").status_code == 405

    @pytest.mark.parametrize("q", ["", " ", "\0", "😀", "%_\\"])
    def test_of_hardly_any_words_is_no_error(self, q):
        assert tell(q).status_code == 200
        assert counted() == {}

    def test_of_which_very_many_come_from_one_place_is_not_counted(self, monkeypatch):
        monkeypatch.setattr("articles.views.MISSES_AN_HOUR", 2)
        for _ in range(4):
            tell("eyebrows")
        assert counted() == {"eyebrows": 2}


class TestWordsThatMayBeAboutAPerson:
    @pytest.mark.parametrize(
        "q",
        [
            "eva@example.org",
            "07700 900123",
            "nhs 943 476 5919",
            "born 1 2 1970",
            "eva berg of ward nine in leeds",
            " ".join(["w" * 20] * 5),
        ],
    )
    def test_are_not_kept(self, q):
        assert not missing.count_miss(q, at=AT)
        assert counted() == {}

    @pytest.mark.parametrize("q", ["T-DM1 184", "one two three four five six"])
    def test_are_told_from_others(self, q):
        assert missing.count_miss(q, at=AT)
        assert len(counted()) == 1


class TestTheList:
    def test_forgets_what_was_asked_least_and_longest_ago_when_it_is_full(
        self, monkeypatch
    ):
        monkeypatch.setattr(missing, "MOST_ROWS", 3)
        for words, at in [("old", AT), ("new", TOMORROW), ("often", AT), ("often", AT)]:
            missing.count_miss(words, at=at)
        missing.count_miss("newest", at=TOMORROW)
        assert counted() == {"new": 1, "often": 2, "newest": 1}

    def test_counts_words_that_two_miss_first_at_once(self, monkeypatch):
        again = missing._count_again

        def late(words, *, at):
            """What another process stores after this one has looked."""
            monkeypatch.setattr(missing, "_count_again", again)
            SearchMiss.objects.create(words=words, last_asked_on=at.date())
            return 0

        monkeypatch.setattr(missing, "_count_again", late)
        missing.count_miss("eyebrows", at=AT)
        assert counted() == {"eyebrows": 2}
