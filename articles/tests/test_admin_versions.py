"""The form of a draft: saving, keys, places, and what others did meanwhile."""

from urllib.parse import urlencode

import pytest

from articles import publishing
from articles.markup import LONGEST
from articles.models import ArticleVersion, Passage, Status
from articles.tests.desk_forms import (
    address,
    fields_of,
    open_form,
    said,
    save,
    staff_client,
    text,
)
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_draft,
    make_user,
    make_version,
    write,
)

pytestmark = pytest.mark.django_db
LATER = AT.replace(day=9)
FORM = "articleversion_form"
TWO = {"first": BODY, "second": "Sunlight warms the second passage."}


@pytest.fixture
def ana():
    return staff_client(make_user("ana@example.org", name="Ana", groups=["Author"]))


@pytest.fixture
def ben():
    return make_user("ben@example.org", name="Ben", groups=["Author"])


@pytest.fixture
def draft():
    return make_draft(make_article(passages=TWO))


def keys(draft):
    return list(draft.passages.order_by("position").values_list("key", flat=True))


def new_row(fields, prefix="passages", **values):
    """Fill in the empty row at the end of the form."""
    number = int(fields[f"{prefix}-INITIAL_FORMS"])
    return {f"{prefix}-{number}-{name}": value for name, value in values.items()}


def post_hostile(client, url, fields):
    """With a row of more digits than Python reads, which only this kind of form can send."""
    hostile = {f"passages-{'9' * 5000}-body": "Typed in vain."}
    body = urlencode({**fields, **hostile}, doseq=True)
    return client.post(url, body, content_type="application/x-www-form-urlencoded")


class TestSavingADraft:
    def test_stores_the_text_and_who_wrote_it(self, ana, draft):
        save(ana, draft, title="A new title", **{"passages-0-body": "New text."})
        draft.refresh_from_db()
        assert draft.title == "A new title"
        assert draft.passages.get(key="first").body == "New text."
        assert draft.edited_by.email == "ana@example.org"

    def test_of_untouched_lines_changes_nothing(self, ana):
        lines = "One [@slamon2001].\n\n- Two\n- Three"
        draft = make_draft(make_article(passages={"lines": lines}))
        before = draft.content_hash
        save(ana, draft)
        draft.refresh_from_db()
        assert draft.content_hash == before
        assert draft.passages.get().body == lines

    def test_renews_the_hash_of_the_text(self, ana, draft):
        before = draft.content_hash
        save(ana, draft, title="A new title")
        draft.refresh_from_db()
        assert draft.content_hash != before

    def test_says_so_in_a_word(self, ana, draft):
        assert said(save(ana, draft, title="A new title")) == ["Saved."]

    def test_is_the_one_button_that_stands_out(self, ana, draft):
        page = text(ana.get(address(draft)))
        assert '<a class="button plain"' in page
        assert '<a class="button"' not in page

    def test_leaves_what_readers_see_as_it_is(self, ana, draft, client):
        save(ana, draft, title="Secret title")
        assert "Secret title" not in client.get("/articles/her2/").content.decode()

    def test_says_what_is_to_mend(self, ana, draft):
        save(ana, draft, **{"passages-0-body": "It helps 40 out of 100."})
        page = text(ana.get(address(draft)))
        assert "A number has no source" in page

    def test_stays_on_the_form_or_closes_it(self, ana, draft):
        url, fields = open_form(ana, draft)
        stay = ana.post(url, {**fields, "_continue": "1"})
        assert stay.url == url
        url, fields = open_form(ana, draft)
        close = ana.post(url, {**fields, "_save": "1"})
        assert close.url == address(draft.article)

    def test_is_refused_without_the_token_that_says_where_it_began(self, ana, draft):
        url, fields = open_form(ana, draft)
        del fields["token"]
        ana.post(url, {**fields, "title": "Blind"})
        draft.refresh_from_db()
        assert draft.title != "Blind"

    def test_refuses_a_passage_that_is_too_long(self, ana, draft):
        response = save(ana, draft, **{"passages-0-body": "x" * (LONGEST + 1)})
        assert response.status_code == 200
        assert draft.passages.get(key="first").body == BODY


class TestAPublishedVersion:
    def test_is_shown_and_has_no_fields(self, ana, draft):
        page = ana.get(address(live(draft.article)))
        assert "title" not in fields_of(page, FORM)
        assert "passages-0-body" not in fields_of(page, FORM)
        assert "This version can be read, not edited." in text(page)
        assert "Sunlight warms" in text(page)

    def test_cannot_be_posted_to(self, ana, draft):
        published = live(draft.article)
        _, fields = open_form(ana, draft)
        response = ana.post(address(published), {**fields, "title": "Forged"})
        assert response.status_code == 409
        published.refresh_from_db()
        assert published.title != "Forged"

    def test_cannot_be_deleted(self, draft):
        boss = staff_client(make_user(superuser=True))
        url = address(live(draft.article), "delete")
        assert boss.post(url, {"post": "yes"}).status_code == 403


class TestAKey:
    def add(self, client, draft, **values):
        url, fields = open_form(client, draft)
        return client.post(
            url, {**fields, **new_row(fields, body="Text.", **values), "_continue": "1"}
        )

    def test_is_made_from_the_heading_when_it_is_left_empty(self, ana, draft):
        self.add(ana, draft, heading="What comes next?")
        assert keys(draft) == ["first", "second", "what-comes-next"]

    def test_of_a_removed_passage_is_not_given_to_another(self, ana):
        article = make_article(passages={"side-effects": BODY, "other": "Text."})
        make_version(article, passages={"other": BODY}, at=LATER)
        draft = make_draft(article, at=LATER)
        self.add(ana, draft, heading="Side effects")
        assert keys(draft) == ["other", "side-effects-2"]

    def test_stays_when_the_heading_changes(self, ana, draft):
        save(ana, draft, **{"passages-0-heading": "Other words"})
        assert keys(draft) == ["first", "second"]

    def test_of_a_stored_passage_cannot_be_posted_away(self, ana, draft):
        save(ana, draft, **{"passages-0-key": "forged"})
        assert keys(draft) == ["first", "second"]

    @pytest.mark.parametrize("key", ["references", "words", "key-points"])
    def test_may_not_be_one_that_the_page_itself_uses(self, ana, draft, key):
        response = self.add(ana, draft, heading="Sources", key=key)
        assert f"The page itself uses “{key}”." in text(response)

    def test_from_a_heading_keeps_away_from_those_too(self, ana, draft):
        self.add(ana, draft, heading="References")
        assert keys(draft)[-1] == "references-2"

    def test_that_another_passage_has_is_refused_in_words(self, ana, draft):
        response = self.add(ana, draft, heading="Again", key="first")
        assert response.status_code == 200
        assert keys(draft) == ["first", "second"]
        assert "duplicate" in text(response).lower()


class TestAPlace:
    def test_that_is_left_empty_is_the_last(self, ana, draft):
        url, fields = open_form(ana, draft)
        row = new_row(fields, heading="Third", body="Text.")
        ana.post(url, {**fields, **row, "_continue": "1"})
        assert keys(draft)[-1] == "third"

    def test_puts_the_passages_in_another_order(self, ana, draft):
        save(ana, draft, **{"passages-0-position": "9", "passages-1-position": "3"})
        assert keys(draft) == ["second", "first"]


class TestAStaleSave:
    """Ana has the form open while Ben saves."""

    def test_stores_nothing_and_shows_both_texts(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write(draft, by=ben, title="Ben's title")
        response = ana.post(url, {**fields, "title": "Ana's title"})
        page = text(response)
        assert "Ben saved this draft on 6 January 2025 at 09:00" in page
        assert fields_of(response, FORM)["title"] == "Ana's title"
        assert "Ben&#x27;s title" in page
        draft.refresh_from_db()
        assert draft.title == "Ben's title"

    def test_saved_again_keeps_the_text_on_purpose(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write(draft, by=ben, title="Ben's title")
        shown = ana.post(url, {**fields, "title": "Ana's title"})
        again = ana.post(url, {**fields_of(shown, FORM), "_continue": "1"})
        assert again.status_code == 302
        draft.refresh_from_db()
        assert draft.title == "Ana's title"
        assert draft.edited_by.email == "ana@example.org"

    def test_saved_again_after_yet_another_save_is_stale_again(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write(draft, by=ben, title="Ben's title")
        shown = ana.post(url, {**fields, "title": "Ana's title"})
        write(draft, by=ben, title="Ben's second title")
        again = ana.post(url, fields_of(shown, FORM))
        assert "Ben&#x27;s second title" in text(again)
        draft.refresh_from_db()
        assert draft.title == "Ben's second title"

    def test_with_a_row_of_five_thousand_digits_is_stale_too(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write(draft, by=ben, title="Ben's title")
        page = text(post_hostile(ana, url, fields))
        assert "Ben&#x27;s title" in page

    def test_shows_a_passage_that_differs_beside_the_field(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write(draft, by=ben, passages={**TWO, "first": "Ben wrote this."})
        mine = {"passages-0-body": "Ana wrote this."}
        page = ana.post(url, {**fields, **mine})
        assert "Ben wrote this." in text(page)
        assert fields_of(page, FORM)["passages-0-body"] == "Ana wrote this."

    def test_brings_back_a_passage_that_the_other_removed(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write(draft, by=ben, passages={"first": BODY})
        shown = ana.post(url, {**fields, "passages-1-body": "Ana's second."})
        assert "Ben removed this while you were writing." in text(shown)
        ana.post(url, {**fields_of(shown, FORM), "_continue": "1"})
        assert draft.passages.get(key="second").body == "Ana's second."

    def test_keeps_a_passage_that_the_other_added(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write(draft, by=ben, passages={**TWO, "third": "Ben's third."})
        shown = ana.post(url, {**fields, "title": "Ana's title"})
        assert "Ben added this while you were writing." in text(shown)
        ana.post(url, {**fields_of(shown, FORM), "_continue": "1"})
        assert keys(draft) == ["first", "second", "third"]
        draft.refresh_from_db()
        assert draft.title == "Ana's title"

    def test_keeps_a_passage_that_both_added(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write(draft, by=ben, passages={**TWO, "bens": "Ben's."})
        row = new_row(fields, heading="Anas", body="Ana's.")
        shown = ana.post(url, {**fields, **row})
        ana.post(url, {**fields_of(shown, FORM), "_continue": "1"})
        assert set(keys(draft)) == {"first", "second", "bens", "anas"}

    def test_can_let_a_removed_passage_go(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write(draft, by=ben, passages={"first": BODY})
        posted = {**fields, "passages-1-body": "Ana's second."}
        shown = fields_of(ana.post(url, posted), FORM)
        gone = next(name for name, value in shown.items() if value == "second")
        row = gone.removesuffix("-key")
        empty = {f"{row}-{name}": "" for name in ("key", "heading", "body", "position")}
        ana.post(url, {**shown, **empty, "_continue": "1"})
        assert keys(draft) == ["first"]


class TestAStaleSaveOfWhatOnlyTheOtherChanged:
    """Ana has the form open and changes the summary alone; Ben saves something else."""

    @pytest.fixture
    def stale(self, ana, ben, draft):
        """Save over Ben: what the form shows then, and where to send it again."""

        def go(*, mine=None, **theirs):
            url, fields = open_form(ana, draft)
            write(draft, by=ben, **theirs)
            mine = mine or {"summary": "Ana's summary."}
            return url, ana.post(url, {**fields, **mine})

        return go

    def again(self, ana, draft, url, shown, **more):
        ana.post(url, {**fields_of(shown, FORM), "_continue": "1", **more})
        draft.refresh_from_db()

    def test_keeps_both_changes(self, ana, draft, stale):
        theirs = {**TWO, "second": "Ben's second."}
        url, shown = stale(title="Ben's title", passages=theirs)
        self.again(ana, draft, url, shown)
        assert draft.title == "Ben's title"
        assert draft.summary == "Ana's summary."
        assert draft.passages.get(key="second").body == "Ben's second."

    def test_shows_nothing_side_by_side_and_says_what_is_theirs(self, stale):
        _, shown = stale(title="Ben's title")
        page = text(shown)
        assert "Stored by Ben" not in page
        assert page.count("Ben changed this while you were writing") == 1

    def test_stores_nothing_before_it_is_saved_again(self, draft, stale):
        before = draft.summary
        stale(title="Ben's title")
        draft.refresh_from_db()
        assert draft.summary == before

    def test_shows_side_by_side_what_both_changed(self, stale):
        both = {"title": "Ana's title"}
        _, shown = stale(mine=both, title="Ben's title", summary="Ben's summary.")
        assert text(shown).count("Stored by Ben, ") == 1
        fields = fields_of(shown, FORM)
        assert fields["title"] == "Ana's title"
        assert fields["summary"] == "Ben's summary."

    def test_empties_a_field_that_the_other_emptied(self, ana, ben, draft, stale):
        write(draft, by=ben, written_by="Somebody")
        url, shown = stale(written_by="")
        assert fields_of(shown, FORM)["written_by"] == ""
        self.again(ana, draft, url, shown)
        assert draft.written_by == ""

    def test_leaves_out_a_passage_that_the_other_removed(self, ana, draft, stale):
        url, shown = stale(passages={"first": BODY})
        assert "Ben removed “Second” while you were writing." in text(shown)
        self.again(ana, draft, url, shown)
        assert keys(draft) == ["first"]

    def test_keeps_the_order_that_the_other_gave(self, ana, draft, stale):
        url, shown = stale(passages=dict(reversed(TWO.items())))
        self.again(ana, draft, url, shown)
        assert keys(draft) == ["second", "first"]

    def test_shows_what_would_be_deleted(self, stale):
        mine = {"passages-1-DELETE": "on"}
        _, shown = stale(mine=mine, passages={**TWO, "second": "Ben's second."})
        assert "Stored by Ben" in text(shown)
        assert "Ben&#x27;s second." in text(shown)

    def test_takes_what_they_saved_after_that_too(self, ana, ben, draft, stale):
        url, shown = stale(title="Ben's title")
        write(draft, by=ben, title="Ben's second title")
        later = ana.post(url, fields_of(shown, FORM))
        self.again(ana, draft, url, later)
        assert draft.title == "Ben's second title"
        assert draft.summary == "Ana's summary."

    def test_keeps_a_mistake_in_the_form_apart(self, ana, ben, draft):
        """The form came back for a mistake of Ana's own: it still began where it began."""
        url, fields = open_form(ana, draft)
        back = ana.post(url, {**fields, "title": "", "summary": "Ana's summary."})
        write(draft, by=ben, passages={**TWO, "second": "Ben's second."})
        mended = {**fields_of(back, FORM), "title": "Ana's title"}
        shown = ana.post(url, mended)
        self.again(ana, draft, url, shown)
        assert draft.title == "Ana's title"
        assert draft.summary == "Ana's summary."
        assert draft.passages.get(key="second").body == "Ben's second."

    @pytest.mark.parametrize("base", ["", "title", "=", "title=x =y", "\x00 ="])
    def test_shows_all_of_it_to_a_form_that_cannot_say_where_it_began(
        self, stale, base
    ):
        _, shown = stale(mine={"base": base}, title="Ben's title")
        assert "Stored by Ben" in text(shown)


class TestASaveThatComesTooLate:
    @pytest.mark.parametrize(
        ("move", "word"),
        [
            (lambda v, by: publishing.submit(v, by=by), "in review"),
            (
                lambda v, by: publishing.publish(v, by=by, at=LATER),
                "published",
            ),
        ],
    )
    def test_shows_the_text_for_copying_and_stores_nothing(
        self, ana, ben, draft, move, word
    ):
        url, fields = open_form(ana, draft)
        move(draft, ben)
        before = list(Passage.objects.values_list("body", flat=True))
        mine = {"title": "Ana's title", "passages-1-body": "Ana's second."}
        response = ana.post(url, {**fields, **mine})
        page = text(response)
        assert response.status_code == 409
        assert f"it is now “{word}”" in page
        assert "Ana&#x27;s title" in page
        assert "Ana&#x27;s second." in page
        assert "Ben" in page
        assert list(Passage.objects.values_list("body", flat=True)) == before

    def test_in_a_row_of_five_thousand_digits_is_shown_too(self, ana, draft):
        url, fields = open_form(ana, draft)
        publishing.submit(draft, by=None)
        assert "Typed in vain." in text(post_hostile(ana, url, fields))

    def test_is_told_apart_from_having_no_right_to_save(self, draft):
        reviewer = staff_client(
            make_user("r@example.org", groups=["Clinical reviewer"])
        )
        posted = reviewer.post(address(draft), {"title": "Forged"})
        assert posted.status_code == 403


class TestADiscardedDraft:
    def test_is_told_apart_from_having_no_right_to_save(self, draft):
        reviewer = staff_client(
            make_user("r@example.org", groups=["Clinical reviewer"])
        )
        url = address(draft)
        publishing.discard(draft, by=None)
        assert reviewer.post(url, {"title": "Forged"}).status_code == 403

    def test_shows_the_text_for_copying_when_it_is_saved(self, ana, draft):
        url, fields = open_form(ana, draft)
        publishing.discard(draft, by=None)
        mine = {"title": "Ana's title", "passages-1-body": "Ana's second."}
        response = ana.post(url, {**fields, **mine})
        page = text(response)
        assert response.status_code == 409
        assert "somebody discarded it" in page
        assert "Ana&#x27;s title" in page
        assert "Ana&#x27;s second." in page
        assert not ArticleVersion.objects.filter(status=Status.DRAFT).exists()


class TestAFormThatWasOpenTooLong:
    def test_says_that_nothing_was_saved_and_where_the_text_is(self, ana, draft):
        url, fields = open_form(ana, draft)
        ana.handler.enforce_csrf_checks = True
        late = {"title": "Typed for an hour", "csrfmiddlewaretoken": "x"}
        response = ana.post(url, {**fields, **late})
        assert response.status_code == 403
        assert "you are offered the text that you typed" in text(response)
        draft.refresh_from_db()
        assert draft.title != "Typed for an hour"
