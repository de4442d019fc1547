"""The confirm screens of versions: who may press what, what it shows, how it refuses."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.admin.moves import VERSION_MOVES
from articles.forms import SeenForm
from articles.models import Article, ArticleVersion, Status
from articles.tests.desk_forms import (
    address,
    confirm,
    fields_of,
    said,
    staff_client,
    text,
)
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_draft,
    make_term,
    make_user,
    make_version,
    write,
)
from quizzes.tests.factories import make_question

pytestmark = pytest.mark.django_db
NOW = {"when": "now"}
MOVES = [
    "submit",
    "return",
    "approve",
    "publish",
    "sign-off",
    "restore",
    "call-off",
    "discard",
]
SOME_DAY = dt.datetime(2099, 6, 1, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def draft():
    return make_draft(make_article(), title="A better title")


@pytest.fixture
def submitted(draft):
    publishing.submit(draft, by=None)
    return draft


def status(version):
    version.refresh_from_db()
    return version.status


class TestTheWayOfADraft:
    def test_author_submits_reviewer_approves_publisher_publishes(
        self, author, reviewer, publisher, draft, client
    ):
        confirm(author, draft, "submit")
        assert status(draft) == Status.IN_REVIEW
        confirm(reviewer, draft, "approve")
        assert status(draft) == Status.APPROVED
        confirm(publisher, draft, "publish", **NOW)
        assert status(draft) == Status.PUBLISHED
        assert "A better title" in client.get("/articles/her2/").content.decode()

    def test_is_written_into_the_history_once_for_each_move(self, publisher, draft):
        confirm(publisher, draft, "submit")
        confirm(publisher, draft, "publish", **NOW)
        entries = LogEntry.objects.filter(object_id=str(draft.pk))
        said_so = [entry.get_change_message() for entry in entries.order_by("pk")]
        assert said_so[0] == "Submitted for review."
        assert said_so[1].startswith("Published from")
        assert len(said_so) == 2


class TestReturning:
    def test_makes_it_a_draft_again_and_keeps_the_reason(self, reviewer, submitted):
        confirm(reviewer, submitted, "return", reason="Say where the number is from.")
        assert status(submitted) == Status.DRAFT
        history = text(reviewer.get(address(submitted, "history")))
        assert "Say where the number is from." in history

    def test_tells_the_author_why_until_it_is_submitted_again(
        self, reviewer, submitted
    ):
        confirm(reviewer, submitted, "return", reason="Say where it is from.")
        page = text(reviewer.get(address(submitted)))
        assert "<strong>Returned for changes: Say where it is from.</strong>" in page
        submitted.refresh_from_db()
        publishing.submit(submitted, by=make_user("ana@example.org"))
        assert "Say where it is from." not in text(reviewer.get(address(submitted)))

    def test_needs_a_reason(self, reviewer, submitted):
        response = confirm(reviewer, submitted, "return")
        assert "What has to change?" in text(response)
        assert status(submitted) == Status.IN_REVIEW


class TestWhatToLookAtClosely:
    """One table of every risky change, above the difference word by word."""

    @pytest.fixture
    def riskier(self, draft):
        body = BODY.replace("is a", "is not a").replace("slamon2001", "cameron2017")
        return write(draft, passages={"what-is-her2": f"Herceptin. {body}"})

    @pytest.mark.parametrize("screen", ["publish", "compare"])
    def test_is_shown_with_what_was_and_what_will_be(self, publisher, riskier, screen):
        page = text(publisher.get(address(riskier, screen)))
        table = page.split("Look closely")[1].split("</table>")[0]
        assert "<td>What is her2</td><td>–</td><td><ins>not</ins></td>" in table
        assert "<del>[slamon2001]</del></td><td><ins>[cameron2017]</ins>" in table

    def test_knows_the_medicines_of_the_glossary(self, publisher, riskier):
        url = address(riskier, "publish")
        assert "<td>Medicine</td>" not in text(publisher.get(url))
        make_term("Trastuzumab", also=["Herceptin"])
        assert "<td>Medicine</td>" in text(publisher.get(url))

    def test_names_the_other_words_of_the_glossary_too(self, publisher, riskier):
        make_term("Protein")
        write(riskier, passages={"what-is-her2": "HER2 is a gene [@slamon2001]."})
        page = text(publisher.get(address(riskier, "publish")))
        assert "<td>Explained word</td>" in page

    def test_is_nothing_where_only_plain_words_change(self, publisher):
        passages = {"what-is-her2": BODY.replace("surface", "skin")}
        draft = make_draft(make_article(), passages=passages)
        page = text(publisher.get(address(draft, "publish")))
        assert "<ins>skin</ins>" in page
        assert "Look closely" not in page

    def test_is_nothing_on_a_page_that_is_all_new(self, publisher):
        draft = make_article(publish=False).versions.get()
        assert "Look closely" not in text(publisher.get(address(draft, "publish")))


class TestPublishing:
    def test_shows_the_difference_with_words_marked(self, publisher, draft):
        write(draft, passages={"what-is-her2": BODY.replace("is a", "is not a")})
        page = text(publisher.get(address(draft, "publish")))
        assert "<ins>" in page
        assert "<ins>not</ins>" in page

    def test_shows_what_keeps_it_from_going_live(self, publisher, draft):
        write(draft, passages={"what-is-her2": "It helps 40 out of 100."})
        page = text(publisher.get(address(draft, "publish")))
        assert "A number has no source" in page

    def test_refuses_with_the_same_sentences(self, publisher, draft):
        write(draft, passages={"what-is-her2": "It helps 40 out of 100."})
        response = confirm(publisher, draft, "publish", **NOW)
        assert response.status_code == 200
        assert "This cannot be done yet" in text(response)
        assert "A number has no source" in text(response)
        assert status(draft) == Status.DRAFT

    def test_from_a_moment_waits_for_it(self, publisher, draft, client):
        year = timezone.now().year + 1
        moment = {"when": "later", "live_from": f"{year}-06-01T09:00"}
        response = confirm(publisher, draft, "publish", **moment)
        draft.refresh_from_db()
        assert draft.live_from == dt.datetime(year, 6, 1, 8, 0, tzinfo=dt.UTC)
        assert f"1 June {year}, 09:00 (Europe/London)" in said(response)[0]
        assert "A better title" not in client.get("/articles/her2/").content.decode()

    def test_prints_the_time_zone_beside_the_moment(self, publisher, draft):
        assert "Europe/London time" in text(publisher.get(address(draft, "publish")))

    @pytest.mark.parametrize(
        ("moment", "sentence"),
        [
            ("", "Choose the moment, or publish now."),
            ("2020-01-01T09:00", "The moment of publication has passed."),
            ("soon", "Give the moment as day and time"),
            ("2099-03-29T01:30", "Europe/London"),
            ("2099-06-01T09:00", "This is more than two years ahead."),
            ("9999-12-31T23:59", "This is more than two years ahead."),
        ],
    )
    def test_refuses_a_moment_that_is_none(self, publisher, draft, moment, sentence):
        values = {"when": "later", "live_from": moment}
        response = confirm(publisher, draft, "publish", **values)
        assert sentence in text(response)
        assert status(draft) == Status.DRAFT

    def test_refuses_a_text_that_was_saved_after_it_was_shown(self, publisher, draft):
        url = address(draft, "publish")
        seen = fields_of(publisher.get(url))
        write(draft, title="Not what was read")
        response = publisher.post(url, {**seen, **NOW})
        assert "Somebody changed the text" in text(response)
        assert status(draft) == Status.DRAFT

    @pytest.mark.parametrize("back", ["", "submitted again"])
    def test_refuses_a_text_that_was_returned_after_it_was_shown(
        self, publisher, reviewer, submitted, back
    ):
        url = address(submitted, "publish")
        seen = fields_of(publisher.get(url))
        confirm(reviewer, submitted, "return", reason="The dose is wrong.")
        if back:
            confirm(publisher, submitted, "submit")
        response = publisher.post(url, {**seen, **NOW})
        assert "Somebody changed the text, moved it on" in text(response)
        assert status(submitted) == (Status.IN_REVIEW if back else Status.DRAFT)

    def test_can_go_on_once_the_new_text_was_shown(self, publisher, draft):
        url = address(draft, "publish")
        seen = fields_of(publisher.get(url))
        write(draft, title="Read at last")
        shown = publisher.post(url, {**seen, **NOW})
        assert "Read at last" in text(shown)
        publisher.post(url, {**fields_of(shown), **NOW})
        assert live(draft.article, at=timezone.now()).title == "Read at last"

    def test_twice_says_that_it_was_done(self, publisher, draft):
        url = address(draft, "publish")
        seen = fields_of(publisher.get(url))
        publisher.post(url, {**seen, **NOW})
        again = publisher.post(url, {**seen, **NOW})
        assert again.status_code == 200
        assert "This version is published already." in text(again)

    def test_names_the_questions_that_rest_on_what_changes(self, publisher, draft):
        make_question("q1", stem="Where does HER2 sit?", passage="her2#what-is-her2")
        write(draft, passages={"what-is-her2": "HER2 sits elsewhere [@slamon2001]."})
        page = text(publisher.get(address(draft, "publish")))
        assert "Their passage changes." in page
        assert "Where does HER2 sit?" in page

    def test_names_the_questions_that_rest_on_what_goes_away(self, publisher, draft):
        make_question("q1", stem="Where does HER2 sit?", passage="her2#what-is-her2")
        write(draft, passages={"other": BODY})
        page = text(publisher.get(address(draft, "publish")))
        assert "Their passage goes away." in page
        assert "Where does HER2 sit?" in page


class TestSigningOff:
    VALUES = {"kind": "clinical", "name": "Rut Berg", "role": "oncologist"}

    def test_shows_the_note_that_readers_see(self, reviewer, submitted):
        page = text(reviewer.get(address(submitted, "sign-off")))
        assert "Readers are told what changed: “Said it better.”" in page

    def test_stands_on_the_page_with_name_and_profession(
        self, reviewer, submitted, client
    ):
        confirm(reviewer, submitted, "sign-off", **self.VALUES)
        publishing.publish(submitted, by=None, at=AT.replace(day=9))
        page = client.get("/articles/her2/").content.decode()
        assert "Rut Berg, oncologist" in page

    def test_names_what_is_not_filled_in_and_leads_there(self, reviewer, submitted):
        values = {"name": "Rut Berg", "role": ""}
        page = text(confirm(reviewer, submitted, "sign-off", **values))
        assert "This field is required." not in page
        for place, sentence in (
            ("id_role", "“Your profession” is empty. Please fill it in."),
            ("id_kind_0", "“What you checked” is open. Please choose."),
        ):
            assert f'<a href="#{place}">{sentence}</a>' in page
            assert f'id="{place}"' in page

    def test_without_the_text_that_was_shown_asks_to_open_it_again(
        self, reviewer, submitted
    ):
        page = text(reviewer.post(address(submitted, "sign-off"), self.VALUES))
        assert "This form does not say which text it began from." in page

    def test_offers_the_name_that_the_reviewer_has(self, reviewer, submitted):
        shown = fields_of(reviewer.get(address(submitted, "sign-off")))
        assert shown["name"] == "Rut"
        assert shown["seen_hash"] == submitted.content_hash

    def test_of_a_text_that_changed_meanwhile_is_refused(self, reviewer, submitted):
        url = address(submitted, "sign-off")
        seen = fields_of(reviewer.get(url))
        publishing.return_for_changes(submitted, by=None, reason="Shorter.")
        write(submitted, title="Shorter")
        publishing.submit(submitted, by=None)
        response = reviewer.post(url, {**seen, **self.VALUES})
        assert "The text changed after you opened it." in text(response)
        assert not submitted.sign_offs.exists()

    def test_of_another_note_on_what_changed_is_refused(self, reviewer, submitted):
        """Readers see the note too."""
        url = address(submitted, "sign-off")
        seen = fields_of(reviewer.get(url))
        publishing.return_for_changes(submitted, by=None, reason="Say it all.")
        write(submitted, change_note="The trial was stopped early.")
        publishing.submit(submitted, by=None)
        response = reviewer.post(url, {**seen, **self.VALUES})
        assert "The text changed after you opened it." in text(response)

    def test_of_a_draft_waits_until_it_is_submitted(self, reviewer, draft):
        page = reviewer.get(address(draft, "sign-off"))
        assert "A draft can still change." in text(page)
        assert fields_of(page) == {}


class TestRestoring:
    def test_starts_a_draft_with_the_old_text(self, author):
        article = make_article(title="The old title")
        old = live(article)
        make_version(article, title="The new title", at=AT.replace(day=9))
        response = confirm(author, old, "restore")
        draft = article.versions.get(status=Status.DRAFT)
        assert draft.title == "The old title"
        assert response.url == address(draft)

    def test_names_only_the_questions_that_were_not_checked_against_it(self, author):
        make_question("q1", stem="Checked long ago?", passage="her2#what-is-her2")
        article = Article.objects.get(slug="her2")
        old = live(article)
        new = BODY.replace("HER2 is", "HER2 was")
        make_version(article, passages={"what-is-her2": new}, at=AT.replace(day=9))
        make_question(
            "q2",
            stem="Checked anew?",
            passage="her2#what-is-her2",
            at=AT.replace(day=9),
        )
        page = text(author.get(address(old, "restore")))
        assert "Checked anew?" in page
        assert "Checked long ago?" not in page

    def test_is_refused_while_a_draft_is_open(self, author, draft):
        page = author.get(address(live(draft.article), "restore"))
        assert "This article already has a draft." in text(page)


@pytest.fixture
def waiting(draft):
    publishing.publish(draft, by=None, at=AT, live_from=SOME_DAY)
    return draft


class TestAVersionThatWaits:
    def test_says_until_when(self, publisher, waiting):
        page = text(publisher.get(address(waiting)))
        assert "Waits until 1 June 2099, 10:00 (Europe/London)" in page

    def test_stands_so_in_the_list_of_versions(self, publisher, waiting):
        url = reverse("admin:articles_articleversion_changelist")
        page = text(publisher.get(url))
        assert "Waits until 1 June 2099, 10:00 (Europe/London)" in page

    def test_stands_on_the_screen_that_publishes_the_next_one(self, publisher, waiting):
        correction = make_draft(waiting.article, title="Corrected")
        page = text(publisher.get(address(correction, "publish")))
        assert "Version 2</a> waits to go live:" in page
        assert "from 1 June 2099, 10:00 (Europe/London)" in page

    def test_is_named_when_it_would_replace_the_next_one(self, publisher, waiting):
        correction = make_draft(waiting.article, title="Corrected")
        response = confirm(publisher, correction, "publish", **NOW)
        assert "Version 2 waits for 1 June 2099, 10:00" in text(response)
        assert status(correction) == Status.DRAFT

    def test_can_be_called_off(self, publisher, waiting):
        assert "Call off</a>" in text(publisher.get(address(waiting)))
        response = confirm(publisher, waiting, "call-off")
        assert said(response) == [
            "Version 2 is called off. What readers see stays as it is."
        ]
        assert status(waiting) == Status.WITHDRAWN

    def test_cannot_be_called_off_once_it_is_live(self, publisher):
        version = live(make_article())
        assert "Call off</a>" not in text(publisher.get(address(version)))
        response = publisher.post(address(version, "call-off"))
        assert "This version does not wait to go live." in text(response)
        assert status(version) == Status.PUBLISHED

    def test_can_be_restored_after_it_was_called_off(self, author, waiting):
        publishing.call_off(waiting, by=None, at=AT)
        confirm(author, waiting, "restore")
        draft = waiting.article.versions.get(status=Status.DRAFT)
        assert draft.title == "A better title"


class TestDiscarding:
    def test_throws_the_draft_away_and_keeps_the_page(self, author, draft, client):
        response = confirm(author, draft, "discard")
        assert response.url == address(draft.article)
        assert not draft.article.versions.working().exists()
        assert client.get("/articles/her2/").status_code == 200

    def test_spares_what_somebody_has_just_written(self, author, draft):
        url = address(draft, "discard")
        seen = fields_of(author.get(url))
        write(draft, title="Hours of work")
        assert "Somebody changed the text" in text(author.post(url, seen))
        assert status(draft) == Status.DRAFT

    def test_spares_what_was_submitted_and_approved_meanwhile(
        self, author, reviewer, draft
    ):
        url = address(draft, "discard")
        seen = fields_of(author.get(url))
        confirm(author, draft, "submit")
        confirm(reviewer, draft, "approve")
        assert "moved it on" in text(author.post(url, seen))
        assert status(draft) == Status.APPROVED

    @pytest.mark.parametrize(
        "move",
        [move for move in VERSION_MOVES if issubclass(move.form, SeenForm)],
        ids=lambda move: move.name,
    )
    def test_while_another_screen_is_pressed_refuses_that(self, draft, move):
        ana = make_user()
        seen = {"token": draft.edit_token, "reason": "Shorter.", "live_from": None}
        gone = ArticleVersion.objects.get(pk=draft.pk)
        publishing.discard(draft, by=None)
        with pytest.raises(publishing.CannotMove, match="discarded it"):
            move.run(gone, seen, ana, AT)


class TestPermissions:
    @pytest.mark.parametrize(
        ("group", "move"),
        [
            ("Author", "publish"),
            ("Author", "approve"),
            ("Author", "return"),
            ("Author", "sign-off"),
            ("Author", "call-off"),
            ("Clinical reviewer", "call-off"),
            ("Clinical reviewer", "submit"),
            ("Clinical reviewer", "publish"),
            ("Clinical reviewer", "restore"),
            ("Clinical reviewer", "discard"),
            ("Publisher", "sign-off"),
            ("Analyst", "submit"),
        ],
    )
    def test_keep_each_to_their_own_moves(self, draft, group, move):
        client = staff_client(make_user("x@example.org", groups=[group]))
        url = address(draft, move)
        assert client.get(url).status_code == 403
        assert client.post(url, {**NOW, "token": draft.edit_token}).status_code == 403
        assert status(draft) == Status.DRAFT

    def test_show_only_the_buttons_that_work(self, reviewer, author, submitted):
        seen = text(reviewer.get(address(submitted)))
        assert "Approve</a>" in seen
        assert "Publish</a>" not in seen
        assert "Approve</a>" not in text(author.get(address(submitted)))

    @pytest.mark.parametrize("move", [*MOVES, "preview", "compare"])
    def test_send_strangers_to_the_sign_in(self, client, draft, move):
        response = client.get(address(draft, move))
        assert response.url.startswith("/admin/login/")

    def test_of_nobody_change_anything_by_looking(self, draft):
        boss = staff_client(make_user(superuser=True))
        before = (status(draft), draft.edit_token, draft.article.versions.count())
        for move in [*MOVES, "preview", "compare"]:
            assert boss.get(address(draft, move)).status_code == 200
        after = (status(draft), draft.edit_token, draft.article.versions.count())
        assert after == before

    @pytest.mark.parametrize("move", [*MOVES, "preview", "compare"])
    def test_of_a_version_that_is_none_lead_nowhere(self, publisher, move):
        url = reverse(f"admin:articles_articleversion_{move}", args=[404])
        assert publisher.get(url).status_code == 404


class TestComparing:
    def test_shows_what_differs_from_the_live_page(self, author, draft):
        page = text(author.get(address(draft, "compare")))
        assert "<del>About</del><ins>A</ins>" in page

    def test_shows_what_differs_from_a_chosen_version(self, author):
        article = make_article(title="One")
        make_version(article, title="Two", at=AT.replace(day=8))
        three = make_draft(article, title="Three", at=AT.replace(day=9))
        page = text(author.get(address(three, "compare"), {"with": 1}))
        assert "<del>One</del>" in page
        assert "<ins>Three</ins>" in page

    def test_with_a_version_that_is_none_is_not_found(self, author, draft):
        url = address(draft, "compare")
        assert author.get(url, {"with": 77}).status_code == 404

    @pytest.mark.parametrize("number", ["", "x", "9" * 30])
    def test_with_nonsense_compares_with_the_live_page(self, author, draft, number):
        page = author.get(address(draft, "compare"), {"with": number})
        assert "From version 1 to version 2." in text(page)
