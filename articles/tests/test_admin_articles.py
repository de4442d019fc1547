"""Articles in the admin: their list, their address, and the first draft of a new one."""

import datetime as dt

import pytest
from django.urls import reverse

from articles import publishing, renaming
from articles.models import Article, ArticleVersion, Status
from articles.tests.desk_forms import address, confirm, said, save, staff_client, text
from articles.tests.factories import (
    AT,
    live,
    make_article,
    make_draft,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"


class TestTheListOfArticles:
    def test_says_in_words_where_each_stands(self, author):
        make_draft(make_article("both", title="Both"), title="Both anew")
        make_article("only-draft", publish=False, title="Only a draft")
        gone = make_article("gone", title="Gone")
        publishing.withdraw(gone, by=None, at=AT, reason="Out of date.")
        page = text(author.get(LIST))
        assert "Both</a>" in page
        assert "On the site, new version draft" in page
        assert "Not on the site yet, new version draft" in page
        assert "Withdrawn" in page

    def test_names_an_article_by_the_title_that_readers_see(self, author):
        make_draft(make_article(title="As published"), title="Secret new title")
        page = text(author.get(LIST))
        assert "As published" in page
        assert "Secret new title" not in page

    def test_says_when_the_review_is_overdue(self, author):
        make_article()
        assert "6 January 2026 – overdue" in text(author.get(LIST))

    def test_finds_an_article_by_the_words_of_its_title(self, author):
        make_article("heart", title="Checks of the heart")
        make_article("lung", title="Signs of the lung")
        found = text(author.get(LIST, {"q": "heart"}))
        assert "Checks of the heart" in found
        assert "Signs of the lung" not in found

    def test_costs_the_same_for_one_article_and_for_twenty(
        self, author, django_assert_max_num_queries
    ):
        make_article("first")
        author.get(LIST)
        for number in range(20):
            make_article(f"more-{number}")
        with django_assert_max_num_queries(12):
            author.get(LIST)


class TestANewArticle:
    def add(self, client, **changes):
        topic = make_topic()
        fields = {"slug": "new-page", "topic": topic.pk, "position": 1}
        return client.post(
            f"{LIST}add/", {**fields, "review_every_months": 12, **changes}
        )

    def test_opens_its_first_draft_at_once(self, author):
        response = self.add(author)
        draft = ArticleVersion.objects.get(article__slug="new-page")
        assert response.url == address(draft)
        assert draft.status == Status.DRAFT
        assert draft.edited_by.email == "ana@example.org"
        assert said(response) == ["The article has its address. Now write its text."]

    def test_may_not_take_an_address_that_still_leads_to_another(self, author):
        renaming.rename(make_article("old"), "newer", by=None)
        response = self.add(author, slug="old")
        assert "Another article once had this address" in text(response)
        assert not Article.objects.filter(slug="old").exists()


class TestTheOwner:
    @pytest.mark.parametrize("group", ["Author", "Publisher"])
    def test_is_chosen_from_the_staff(self, group):
        someone = staff_client(make_user("x@example.org", groups=[group]))
        make_user("learner@example.org", is_staff=False, name="A learner")
        bo, article = make_user("bo@example.org", name="Bo Lind"), make_article()
        page = text(someone.get(address(article)))
        assert ">Bo Lind</option>" in page
        assert "A learner" not in page
        save(someone, article, owner=bo.pk)
        article.refresh_from_db()
        assert article.owner == bo

    @pytest.mark.parametrize("owner", ["learner", "nobody", "9" * 40])
    def test_is_nobody_else(self, author, owner):
        learner = make_user("learner@example.org", is_staff=False)
        article = make_article()
        pk = learner.pk if owner == "learner" else owner
        assert save(author, article, owner=pk).status_code == 200
        article.refresh_from_db()
        assert article.owner is None

    def test_who_left_the_staff_stays_until_another_is_chosen(self, author):
        bo, article = make_user("bo@example.org"), make_article()
        save(author, article, owner=bo.pk)
        type(bo).objects.filter(pk=bo.pk).update(is_staff=False)
        assert save(author, article).status_code == 302
        article.refresh_from_db()
        assert article.owner == bo


class TestAnAddress:
    def test_that_changes_leads_on_from_the_old_one(self, publisher, client):
        article = make_article("old")
        save(publisher, article, slug="new")
        assert client.get("/articles/old/").url == "/articles/new/"
        assert client.get("/articles/new/").status_code == 200

    def test_change_is_written_into_the_history_once(self, publisher):
        article = make_article("old")
        save(publisher, article, slug="new")
        history = text(publisher.get(address(article, "history")))
        assert history.count("Renamed from old to new.") == 1
        assert "Changed Address" not in history


class TestTheShelf:
    def test_change_is_seen_on_a_page_that_was_kept(self, publisher, client):
        article = make_article()
        kept = client.get("/articles/her2/")["ETag"]
        save(publisher, article, topic=make_topic("safety", name="Staying safe").pk)
        fresh = client.get("/articles/her2/")
        assert fresh["ETag"] != kept
        assert "Staying safe" in fresh.content.decode()


class TestWhatShowsAtOnce:
    """Address, shelf, place and review change live pages without anybody's approval."""

    def changes(self):
        topic = make_topic("safety", name="Staying safe").pk
        return {
            "slug": "new",
            "topic": topic,
            "position": 7,
            "review_every_months": 36,
        }

    def stored(self, article):
        return Article.objects.values(*self.changes()).get(pk=article.pk)

    def test_is_changed_by_publishers(self, publisher):
        article = make_article("old")
        save(publisher, article, **self.changes())
        assert self.stored(article) == self.changes()

    def test_is_changed_by_authors_until_it_was_published(self, author):
        article = make_article("old", publish=False)
        save(author, article, **self.changes())
        assert self.stored(article) == self.changes()

    @pytest.mark.parametrize("withdrawn", [False, True])
    def test_is_not_changed_by_authors_after_that(self, author, withdrawn):
        article = make_article("old")
        if withdrawn:
            publishing.withdraw(article, by=None, at=AT, reason="Old.")
        before = self.stored(article)
        assert save(author, article, **self.changes()).status_code == 302
        assert self.stored(article) == before
        assert "old</div>" in text(author.get(address(article)))


class TestTheArticlePage:
    def test_lists_the_versions_with_their_states(self, author):
        article = make_article()
        make_draft(article)
        page = text(author.get(address(article)))
        assert "On the site now" in page
        assert "Draft</td>" in page
        assert "Edit draft" in page

    def test_says_when_a_waiting_version_goes_live(self, author):
        article = make_article()
        later = dt.datetime(2099, 6, 1, 9, 0, tzinfo=dt.UTC)
        publishing.publish(make_draft(article), by=None, at=AT, live_from=later)
        page = text(author.get(address(article)))
        assert "Waits until 1 June 2099, 10:00 (Europe/London)" in page

    def test_says_what_was_called_off_and_that_nothing_was_withdrawn(self, author):
        article = make_article(publish=False)
        later = dt.datetime(2099, 6, 1, 9, 0, tzinfo=dt.UTC)
        waiting = article.versions.get()
        publishing.publish(waiting, by=None, at=AT, live_from=later)
        publishing.call_off(waiting, by=None, at=AT)
        page = text(author.get(address(article)))
        assert "Not on the site yet." in page
        assert "Called off</td>" in page

    def test_starts_a_draft_from_what_waits_and_says_so(self, author):
        article = make_article()
        later = dt.datetime(2099, 6, 1, 9, 0, tzinfo=dt.UTC)
        publishing.publish(make_draft(article), by=None, at=AT, live_from=later)
        response = author.post(address(article, "start-draft"))
        assert said(response) == [
            "Draft 3 is open for you. It begins with version 2, which waits until "
            "1 June 2099, 10:00 (Europe/London)."
        ]

    def test_starts_a_draft_with_one_press(self, author):
        article = make_article()
        response = author.post(address(article, "start-draft"))
        draft = article.versions.get(status=Status.DRAFT)
        assert response.url == address(draft)

    def test_refuses_a_second_draft_in_words(self, author):
        article = make_article()
        make_draft(article)
        response = author.post(address(article, "start-draft"))
        assert "This article already has a draft." in text(response)
        assert article.versions.filter(status=Status.DRAFT).count() == 1

    def test_starts_nothing_when_it_is_only_looked_at(self, author):
        article = make_article()
        assert author.get(address(article, "start-draft")).status_code == 200
        assert not article.versions.working().exists()

    def test_cannot_delete_an_article_that_has_versions(self):
        boss = staff_client(make_user(superuser=True))
        article = make_article()
        assert boss.post(address(article, "delete"), {"post": "yes"}).status_code == 403
        assert Article.objects.filter(pk=article.pk).exists()


class TestThePageOfAnArticle:
    def test_can_be_read_by_who_may_not_change_it(self):
        user = make_user("rut@example.org", groups=["Clinical reviewer"])
        page = staff_client(user).get(address(make_article()))
        assert "On the site." in text(page)


class TestWithdrawing:
    def test_takes_the_page_off_the_site_with_the_reason(self, publisher, client):
        article = make_article()
        make_article("other", title="The other page")
        response = confirm(
            publisher,
            article,
            "withdraw",
            reason="The drug is off the market.",
            replaced_by="other",
        )
        assert response.url == address(article)
        page = client.get("/articles/her2/")
        assert page.status_code == 410
        assert "The drug is off the market." in text(page)
        assert "The other page" in text(page)

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"reason": " "}, "Why it is withdrawn?"),
            ({"reason": "Old.", "replaced_by": "nowhere"}, "No article has"),
            ({"reason": "Old.", "replaced_by": "her2"}, "cannot be replaced by itself"),
        ],
    )
    def test_is_refused_with_a_sentence(self, publisher, values, sentence):
        article = make_article()
        response = confirm(publisher, article, "withdraw", **values)
        assert sentence in text(response)
        assert live(article)

    def test_is_not_for_authors(self, author):
        article = make_article()
        assert author.get(address(article, "withdraw")).status_code == 403
        posted = author.post(address(article, "withdraw"), {"reason": "Old."})
        assert posted.status_code == 403
        assert live(article)

    def test_needs_a_token_against_foreign_forms(self, publisher):
        article = make_article()
        publisher.handler.enforce_csrf_checks = True
        posted = publisher.post(address(article, "withdraw"), {"reason": "Old."})
        assert posted.status_code == 403


class TestWrongAddresses:
    @pytest.mark.parametrize("move", ["withdraw", "start-draft"])
    def test_are_not_found(self, publisher, move):
        url = reverse(f"admin:articles_article_{move}", args=[404])
        assert publisher.get(url).status_code == 404


class TestATopic:
    def test_that_is_renamed_is_seen_on_its_pages(self, publisher, client):
        article = make_article()
        kept = client.get("/articles/her2/")["ETag"]
        save(publisher, article.topic, name="First things")
        fresh = client.get("/articles/her2/")
        assert fresh["ETag"] != kept
        assert "First things" in fresh.content.decode()
