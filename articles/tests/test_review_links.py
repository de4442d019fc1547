"""The page behind a link, as somebody without an account uses it."""

import datetime as dt
import logging

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import hiding, inviting, publishing
from articles.models import ReviewLink, SignOff
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
    make_sign_off,
    make_user,
    make_version,
    write,
)
from her2site.logs import WithoutSecrets

SIGN = {"name": "Bo Lind", "role": "oncologist", "sign": "1"}
CHANGES = {"name": "Bo Lind", "role": "oncologist", "changes": "1"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted():
    draft = make_draft(
        make_article(),
        title="A better title",
        passages={"what-is-her2": BODY.replace("a protein", "not one of 3 proteins")},
    )
    publishing.submit(draft, by=None)
    return draft


def link_to(version, **values):
    """The address of a new link."""
    asked = {"name": "Bo Lind", "role": "oncologist", "kind": "clinical", "days": 14}
    _, secret = inviting.invite(
        version, by=None, at=timezone.now(), **{**asked, **values}
    )
    return reverse("review-link", args=[secret])


def send(client, url, **values):
    """Open the page and send its form."""
    seen = fields_of(client.get(url))["seen_hash"]
    return client.post(url, {"seen_hash": seen, **values})


class TestThePage:
    def test_says_who_is_asked_for_what_and_until_when(self, client, submitted):
        page = text(client.get(link_to(submitted)))
        assert "For Bo Lind</h2>" in page
        assert "<strong>clinical check</strong>" in page
        until = timezone.localtime(ReviewLink.objects.get().expires_at)
        assert f"This address works until {until.day} {until:%B %Y}" in page

    def test_is_the_page_that_readers_will_see(self, client, submitted):
        page = text(client.get(link_to(submitted)))
        assert "<h1>A better title</h1>" in page
        assert "not one of 3 proteins" in page
        assert '<li id="ref-slamon2001">' in page

    def test_shows_also_what_is_hidden_from_readers(self, client):
        article = make_article()
        hiding.hide(article, key="what-is-her2", by=None, at=AT, reason="Wrong.")
        page = text(client.get(link_to(live(article))))
        assert "HER2 is a protein on the surface" in page
        assert "Readers do not see “What is her2” at present." in page

    def test_does_not_say_that_other_words_were_signed(self, client, submitted):
        url = link_to(submitted)
        send(client, url, **SIGN)
        assert "You signed off this text" in text(client.get(url))
        publishing.return_for_changes(submitted, by=None, reason="No.")
        write(submitted, title="Other words")
        page = text(client.get(url))
        assert "You signed off an earlier text" in page
        assert "You signed off this text" not in page

    def test_leaves_its_secret_out_of_the_log(self):
        words = {"msg": "%s: %s", "args": ("Conflict", "/review/abc-DEF_123/")}
        record = logging.makeLogRecord(words)
        assert WithoutSecrets().filter(record)
        assert record.getMessage() == "Conflict: /review/…/"
        (handler,) = settings.LOGGING["handlers"].values()
        assert handler["filters"] == ["secrets"]

    def test_says_that_readers_do_not_see_it(self, client, submitted):
        banner = "Preview of version 2, which readers do not see."
        assert banner in text(client.get(link_to(submitted)))
        seen = live(submitted.article)
        assert "Preview of version" not in text(client.get(link_to(seen, kind="")))

    def test_asks_nobody_whether_it_was_clear(self, client, submitted):
        assert "Was this clear?" not in text(client.get(link_to(submitted)))

    def test_of_a_published_version_is_its_stored_text(self, client):
        page = text(client.get(link_to(live(make_article()))))
        assert "<h1>About her2</h1>" in page
        assert "all of it is new" in page

    def test_shows_what_differs_from_the_live_page_and_what_is_risky(
        self, client, submitted
    ):
        page = text(client.get(link_to(submitted)))
        assert "Since version 1, which readers see now." in page
        assert "Look closely" in page
        assert "<ins>not</ins>" in page
        assert "<ins>3</ins>" in page

    def test_shows_what_differs_from_what_such_a_person_signed(self, client):
        article = make_article(title="First")
        make_sign_off(live(article))
        make_version(article, at=AT + dt.timedelta(days=1), title="Second")
        third = make_draft(article, title="Third")
        publishing.submit(third, by=None)
        asked = text(client.get(link_to(third)))
        assert "Since version 1, signed off on 6 January 2025." in asked
        other = text(client.get(link_to(third, kind="plain_language")))
        assert "Since version 2, which readers see now." in other

    def test_sets_no_cookie_and_is_kept_and_found_by_nobody(self, client, submitted):
        response = client.get(link_to(submitted))
        assert not response.cookies
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"

    def test_of_a_look_asks_for_nothing(self, client):
        draft = make_draft(make_article(), title="Half done")
        url = link_to(draft, kind="")
        response = client.get(url)
        assert "Half done" in text(response)
        assert "The authors are still writing it" in text(response)
        assert "Your answer" not in text(response)
        posted = client.post(url, {**SIGN, "seen_hash": draft.content_hash})
        assert posted.status_code == 404
        assert not SignOff.objects.exists()


class TestAWrongAddress:
    def spoil(self, url, submitted, how):
        link = ReviewLink.objects.get()
        if how == "unknown":
            return reverse("review-link", args=["A" * 43])
        if how == "no secret at all":
            return reverse("review-link", args=["ß"])
        if how == "revoked":
            inviting.revoke(link, by=None, at=timezone.now())
        if how == "over":
            ReviewLink.objects.update(created_at=AT, expires_at=AT.replace(day=8))
        if how == "replaced":
            publishing.publish(submitted, by=None, at=timezone.now())
            make_version(submitted.article, at=timezone.now())
        return url

    @pytest.mark.parametrize(
        "how", ["unknown", "no secret at all", "revoked", "over", "replaced"]
    )
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_one_and_the_same_kind_page(self, client, submitted, how, method):
        url = self.spoil(link_to(submitted), submitted, how)
        response = getattr(client, method)(url)
        plain = client.get(reverse("review-link", args=["none"]))
        assert (response.status_code, response.content) == (404, plain.content)
        assert "please ask whoever sent you the link for a new one" in text(response)
        assert response["Referrer-Policy"] == "no-referrer"
        assert not response.cookies


class TestSigningOff:
    def test_stands_on_the_page_that_readers_see(self, client, submitted):
        response = send(client, link_to(submitted), **SIGN)
        assert "Thank you. You signed off this text" in text(client.get(response.url))
        publishing.publish(submitted, by=None, at=timezone.now())
        page = text(client.get("/articles/her2/"))
        assert "Clinical check</dt><dd>Bo Lind, oncologist" in page

    def test_needs_no_cookie_and_no_token(self, submitted):
        client = Client(enforce_csrf_checks=True, headers={"origin": "null"})
        response = send(client, link_to(submitted), **SIGN)
        assert response.status_code == 302
        assert not response.cookies

    def test_twice_gives_the_first_result_again(self, client, submitted):
        url = link_to(submitted)
        seen = fields_of(client.get(url))["seen_hash"]
        for values in (SIGN, SIGN, {**CHANGES, "remark": "No."}, {}):
            response = client.post(url, {"seen_hash": seen, **values})
            assert response.url == url
        assert "You signed off this text" in text(client.get(url))
        assert SignOff.objects.count() == 1

    def test_of_a_text_that_changed_shows_the_new_one_and_keeps_what_was_typed(
        self, client, submitted
    ):
        url = link_to(submitted)
        seen = fields_of(client.get(url))["seen_hash"]
        publishing.return_for_changes(submitted, by=None, reason="Shorter.")
        write(submitted, title="Shorter")
        publishing.submit(submitted, by=None)
        response = client.post(url, {**SIGN, "seen_hash": seen, "remark": "Well said."})
        assert response.status_code == 409
        assert "The text changed after you opened it." in text(response)
        assert "<h1>Shorter</h1>" in text(response)
        again = fields_of(response)
        assert again["remark"] == "Well said."
        assert client.post(url, {**again, **SIGN}).status_code == 302
        assert SignOff.objects.in_force().count() == 1

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"name": " "}, "Write your name."),
            ({"role": ""}, "Write your profession."),
        ],
    )
    def test_needs_a_name_and_a_profession(self, client, submitted, values, sentence):
        response = send(client, link_to(submitted), **{**SIGN, **values})
        assert sentence in text(response)
        assert not SignOff.objects.exists()


class TestAskingForChanges:
    VALUES = {**CHANGES, "remark": "Name the trial."}

    def test_is_kept_for_the_authors_and_thanked_for(
        self, client, submitted, publisher
    ):
        response = send(client, link_to(submitted), **self.VALUES)
        thanks = text(client.get(response.url))
        assert "You asked for changes" in thanks
        assert "“Name the trial.”" in thanks
        seen = text(publisher.get(address(submitted)))
        assert "clinical check – asks for changes" in seen
        assert "“Name the trial.”" in seen
        assert not SignOff.objects.exists()

    def test_needs_to_say_which(self, client, submitted):
        response = send(client, link_to(submitted), **CHANGES)
        assert "Say what has to change." in text(response)
        assert ReviewLink.objects.get().outcome == ""

    def test_is_what_a_form_without_its_button_does(self, client, submitted):
        """The Enter key in a field must not sign anything."""
        values = {"name": "Bo Lind", "role": "oncologist"}
        response = send(client, link_to(submitted), **values)
        assert "Say what has to change." in text(response)


class TestTheStaffSide:
    VALUES = {"name": "Bo Lind", "role": "oncologist", "kind": "clinical", "days": "7"}

    def test_shows_the_address_once_and_keeps_it_nowhere(
        self, publisher, submitted, client
    ):
        response = confirm(publisher, submitted, "invite", **self.VALUES)
        assert response.status_code == 200
        path = path_shown(response)
        assert client.get(path).status_code == 200
        assert path.split("/")[2] not in text(publisher.get(address(submitted)))
        assert not said(response)

    def test_lists_links_with_their_state(self, publisher, submitted, client):
        confirm(publisher, submitted, "invite", **self.VALUES)
        before = text(publisher.get(address(submitted)))
        assert (
            "<strong>Bo Lind</strong>, oncologist: clinical check – no answer yet"
            in before
        )
        assert "made by Pia" in before

    def test_says_that_a_sign_off_came_by_a_link(self, publisher, submitted, client):
        confirm(publisher, submitted, "invite", **self.VALUES)
        inviting.answer(
            ReviewLink.objects.get(),
            outcome="signed",
            name="Bo Lind",
            role="oncologist",
            remark="",
            seen_hash=submitted.content_hash,
            at=timezone.now(),
        )
        assert "– by a link from Pia" in text(publisher.get(address(submitted)))

    def test_revokes_a_link(self, publisher, submitted, client):
        url = link_to(submitted)
        link = ReviewLink.objects.get()
        assert address(link, "revoke") in text(publisher.get(address(submitted)))
        response = confirm(publisher, link, "revoke")
        assert response.url == address(submitted)
        assert client.get(url).status_code == 404
        page = text(publisher.get(address(submitted)))
        assert "revoked" in page
        assert address(link, "revoke") not in page
        again = publisher.get(address(link, "revoke"))
        assert "This link leads nowhere any more." in text(again)

    def test_says_that_a_link_ran_out(self, publisher, submitted):
        link_to(submitted)
        ReviewLink.objects.update(created_at=AT, expires_at=AT.replace(day=8))
        assert "ran out 8 January 2025" in text(publisher.get(address(submitted)))

    def test_offers_only_a_look_at_a_draft(self, publisher):
        draft = make_draft(make_article())
        assert "Clinical check" not in text(publisher.get(address(draft, "invite")))
        response = confirm(publisher, draft, "invite", **self.VALUES)
        assert "Select a valid choice" in text(response)
        confirm(publisher, draft, "invite", **{**self.VALUES, "kind": ""})
        assert ReviewLink.objects.get().kind == ""

    def test_refuses_when_the_text_was_returned_meanwhile(self, publisher, submitted):
        url = address(submitted, "invite")
        seen = fields_of(publisher.get(url))
        publishing.return_for_changes(submitted, by=None, reason="Shorter.")
        response = publisher.post(url, {**seen, **self.VALUES})
        assert not ReviewLink.objects.exists()
        assert response.status_code == 200

    @pytest.mark.parametrize("days", ["0", "31", "x"])
    def test_refuses_a_number_of_days_that_no_link_has(
        self, publisher, submitted, days
    ):
        response = confirm(
            publisher, submitted, "invite", **{**self.VALUES, "days": days}
        )
        assert "Please look again" in text(response)
        assert not ReviewLink.objects.exists()

    def test_invites_nobody_to_what_was_replaced(self, publisher):
        article = make_article()
        old = live(article)
        make_version(article, at=AT + dt.timedelta(days=1))
        shown = text(publisher.get(address(old, "invite")))
        assert "so nobody need look at it" in shown

    @pytest.mark.parametrize(
        ("group", "status"),
        [("Author", 403), ("Clinical reviewer", 200), ("Publisher", 200)],
    )
    def test_is_for_those_who_sign_off_or_publish(self, submitted, group, status):
        client = staff_client(make_user("x@example.org", groups=[group]))
        link_to(submitted)
        link = ReviewLink.objects.get()
        assert client.get(address(submitted, "invite")).status_code == status
        assert client.get(address(link, "revoke")).status_code == status

    @pytest.mark.parametrize("page", ["changelist", "add"])
    def test_has_no_list_of_links(self, publisher, page):
        url = reverse(f"admin:articles_reviewlink_{page}")
        assert publisher.get(url).status_code == 403


def path_shown(response):
    """The path of the address that the page shows to copy."""
    shown = response.content.decode().split('id="id_address" value="')[1]
    return "/" + shown.split('"')[0].split("/", 3)[3]
