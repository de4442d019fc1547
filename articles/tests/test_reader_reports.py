"""Was this clear? What readers send, what is kept of it, and how it leaves the desk."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing, renaming, reporting
from articles.models import HiddenPassage, ReaderReport
from articles.tests.desk_forms import address, staff_client, text
from articles.tests.factories import AT, live, make_article, make_user

pytestmark = pytest.mark.django_db
URL = "/articles/her2/report/what-is-her2/"
UNCLEAR = {"kind": "unclear", "text": "What is a protein?"}


@pytest.fixture
def article():
    return make_article(publish=True)


@pytest.fixture
def reader():
    return Client(headers={"sec-fetch-site": "same-origin"})


def send(article, *, kind="wrong", text="5 is not 50.", key="what-is-her2", at=AT):
    reporting.send_report(live(article), key=key, kind=kind, text=text, at=at)
    return ReaderReport.objects.latest("pk")


class TestAReader:
    def test_finds_the_question_at_the_end_of_each_passage(self, reader, article):
        assert f'href="{URL}">Was this clear?</a>' in text(
            reader.get("/articles/her2/")
        )

    @pytest.mark.parametrize(
        "said",
        [
            {"kind": "clear"},
            UNCLEAR,
            {"kind": "unclear"},
            {"kind": "wrong", "text": "5 is not 50."},
        ],
    )
    def test_is_thanked_and_their_words_are_kept(self, reader, article, said):
        answer = reader.post(URL, said)
        assert "Thank you" in text(reader.get(answer.url))
        row = ReaderReport.objects.get()
        assert (row.article, row.version_number) == (article, 1)
        assert (row.passage_key, row.kind) == ("what-is-her2", said["kind"])
        assert row.text == said.get("text", "")

    def test_leaves_nothing_that_says_who_they_were(self, reader, article):
        reader.post(URL, UNCLEAR)
        assert reader.cookies == {}
        kept = {field.name for field in ReaderReport._meta.get_fields()}
        assert kept & {"user", "ip", "session", "email", "agent"} == set()

    def test_is_told_where_to_turn_when_unwell(self, reader, article):
        assert "not your treatment team" in text(reader.get(URL))

    def test_who_clicks_twice_is_heard_once(self, reader, article):
        reader.post(URL, UNCLEAR)
        reader.post(URL, UNCLEAR)
        assert ReaderReport.objects.count() == 1

    def test_and_another_without_words_are_both_counted(self, reader, article):
        reader.post(URL, {"kind": "clear"})
        reader.post(URL, {"kind": "clear"})
        assert ReaderReport.objects.count() == 2

    @pytest.mark.parametrize(
        ("said", "error"),
        [
            ({}, "Choose what you want to tell us."),
            ({"kind": "spam"}, "Choose one of the answers on this page."),
            ({"kind": "wrong", "text": "  "}, "Say in a few words what is wrong."),
            ({"kind": "unclear", "text": "a" * 501}, "at most 500 characters"),
            ({"kind": "unclear", "text": "a\0b"}, "Null characters are not allowed."),
        ],
    )
    def test_is_told_what_to_mend(self, reader, article, said, error):
        page = text(reader.post(URL, said))
        assert error in page
        assert "There is a problem" in page
        assert "<title>Error: " in page
        assert not ReaderReport.objects.exists()

    def test_cannot_be_made_to_send_by_another_site(self, article):
        stranger = Client(headers={"sec-fetch-site": "cross-site"})
        assert stranger.post(URL, UNCLEAR).status_code == 403
        assert not ReaderReport.objects.exists()

    def test_who_sends_on_and_on_is_asked_to_stop(self, reader, article):
        for _ in range(100):
            reader.post(URL, {"kind": "clear"})
        answer = reader.post(URL, UNCLEAR)
        assert answer.status_code == 429
        assert "Please try later." in text(answer)
        assert ReaderReport.objects.count() == 100
        elsewhere = reader.post(URL, UNCLEAR, REMOTE_ADDR="203.0.113.9")
        assert elsewhere.status_code == 302

    def test_may_send_again_in_the_next_hour(self, reader, article, monkeypatch):
        for _ in range(101):
            answer = reader.post(URL, {"kind": "clear"})
        assert answer.status_code == 429
        later = timezone.now() + dt.timedelta(hours=1)
        monkeypatch.setattr("articles.limits.timezone.now", lambda: later)
        assert reader.post(URL, {"kind": "clear"}).status_code == 302

    def test_is_known_by_their_network_where_addresses_are_many(self, reader, article):
        for n in range(101):
            answer = reader.post(
                URL, {"kind": "clear"}, REMOTE_ADDR=f"2001:db8:1:2::{n:x}"
            )
        assert answer.status_code == 429
        other = reader.post(URL, {"kind": "clear"}, REMOTE_ADDR="2001:db8:1:3::1")
        assert other.status_code == 302

    def test_behind_a_proxy_is_known_by_its_word_alone(self, reader, article, settings):
        settings.BEHIND_PROXY = True
        for n in range(101):
            chain = f"10.0.0.{n}, 203.0.113.9"
            answer = reader.post(
                URL, {"kind": "clear"}, headers={"x-forwarded-for": chain}
            )
        assert answer.status_code == 429


class TestAPassage:
    @pytest.mark.parametrize(
        "url",
        ["/articles/her2/report/nothing/", "/articles/none/report/what-is-her2/"],
    )
    def test_that_is_not_there_cannot_be_reported(self, reader, article, url):
        assert reader.get(url).status_code == 404
        assert reader.post(url, UNCLEAR).status_code == 404

    def test_that_waits_or_is_a_draft_is_not_there(self, reader, article):
        later = make_article("later", publish=False)
        assert reader.get("/articles/later/report/what-is-her2/").status_code == 404
        version = later.versions.get()
        soon = AT + dt.timedelta(days=36_000)
        publishing.publish(version, by=None, at=AT, live_from=soon)
        assert reader.get("/articles/later/report/what-is-her2/").status_code == 404

    def test_that_is_hidden_is_not_there(self, reader, article):
        HiddenPassage.objects.create(
            article=article, key="what-is-her2", reason="Wrong."
        )
        assert reader.get(URL).status_code == 404

    def test_that_is_sent_to_the_old_address_of_a_page_is_kept(self, reader, article):
        renaming.rename(article, "new", by=None)
        answer = reader.post(URL, UNCLEAR, follow=True)
        assert "Thank you" in text(answer)
        assert ReaderReport.objects.get().text == UNCLEAR["text"]

    def test_of_a_renamed_page_leads_there(self, reader, article):
        renaming.rename(article, "new", by=None)
        assert reader.get(URL).url == "/articles/new/report/what-is-her2/"

    def test_of_a_withdrawn_page_says_so(self, reader, article):
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        assert reader.get(URL).status_code == 410


class TestAnEditor:
    @pytest.fixture
    def ana(self):
        return make_user("ana@example.org", name="Ana", groups=["Author"])

    def test_reads_it_beside_the_passage(self, ana, article):
        page = text(staff_client(ana).get(address(send(article))))
        assert "5 is not 50." in page
        assert "HER2 is a protein on the surface" in page
        assert "something is wrong 1 ×" in page

    def test_reads_the_passage_in_words(self, ana, reader):
        body = "HER2 is a **protein** [@slamon2001].\n\n::: note N\nText.\n:::"
        article = make_article("marked", passages={"what-is-her2": body})
        page = text(staff_client(ana).get(address(send(article))))
        assert "HER2 is a protein [slamon2001]." in page
        assert "Note: N" in page

    def test_says_what_was_done(self, ana, article):
        report, client = send(article), staff_client(ana)
        page = client.post(
            f"{address(report, 'handle')}", {"answer": "Mended."}, follow=True
        )
        assert "The report is off the desk." in text(page)
        report.refresh_from_db()
        assert (report.answer, report.handled_by) == ("Mended.", ana)
        assert not ReaderReport.objects.unread().exists()

    def test_answers_all_on_the_passage_at_once(self, ana, article):
        report, other = send(article), send(article, text="Also 6.")
        elsewhere = send(article, key="another")
        clear = send(article, kind="clear", text="")
        client = staff_client(ana)
        words = {"answer": "Mended.", "others": "on"}
        page = client.post(address(report, "handle"), words, follow=True)
        assert "2 reports are off the desk." in text(page)
        assert list(ReaderReport.objects.unread()) == [elsewhere]
        assert {other.pk, clear.pk} & set(
            ReaderReport.objects.filter(handled_at=None).values_list("pk", flat=True)
        ) == {clear.pk}

    def test_has_to_say_what_was_done(self, ana, article):
        report = send(article)
        page = text(staff_client(ana).post(address(report, "handle"), {"answer": ""}))
        assert "What was done?" in page
        assert ReaderReport.objects.unread().exists()

    def test_does_not_undo_what_a_colleague_did(self, ana, article):
        report = send(article)
        reporting.handle(report, by=ana, answer="Mended.", at=AT)
        bo = make_user("bo@example.org", groups=["Author"])
        page = text(staff_client(bo).post(address(report, "handle"), {"answer": "No."}))
        assert "dealt with already" in page
        with pytest.raises(reporting.AlreadyHandled):
            reporting.handle(report, by=bo, answer="No.", at=AT)
        report.refresh_from_db()
        assert report.answer == "Mended."

    def test_finds_those_that_wait(self, ana, article):
        send(article, text="Waits.")
        done = send(article, text="Done.")
        reporting.handle(done, by=ana, answer="Mended.", at=AT)
        client = staff_client(ana)
        waiting = text(client.get("/admin/articles/readerreport/?state=unread"))
        handled = text(client.get("/admin/articles/readerreport/?state=done"))
        assert "Waits." in waiting
        assert "Done." not in waiting
        assert "Done." in handled
        assert "Waits." not in handled

    def test_cannot_write_or_delete_a_readers_word(self, article):
        boss = staff_client(make_user("boss@example.org", superuser=True))
        report = send(article)
        assert boss.get("/admin/articles/readerreport/add/").status_code == 403
        assert boss.post(address(report, "delete")).status_code == 403
        assert boss.post(address(report), {"text": "No."}).status_code == 403

    def test_without_the_right_is_refused(self, article):
        report = send(article)
        nobody = staff_client(make_user("no@example.org"))
        assert nobody.get(address(report)).status_code == 403
        assert nobody.post(address(report, "handle"), {}).status_code == 403
