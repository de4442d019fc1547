"""“Your learning”: what is due, what to carry on with, and what was done."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import AT, make_article, make_topic, make_user
from quizzes import authoring, certifying, recalling, starting
from quizzes.models import ReviewCard, Taker
from quizzes.tests.factories import (
    answer,
    begin,
    edit_quiz,
    give,
    learner,
    make_check,
    make_correction,
    make_question,
    make_quiz,
    retract,
    take,
    url_of,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db
PAGE = "/my-learning/"
RIGHT, WRONG = "A protein", "A virus"
DAY = dt.timedelta(days=1)


@pytest.fixture
def eva():
    return Taker(user_id=make_user("eva@example.org", is_staff=False).pk)


@pytest.fixture
def client(eva):
    browser = learner()
    browser.force_login(get_user_model().objects.get(pk=eva.user_id))
    return browser


def shown(client):
    return read(client.get(PAGE)).text


def change(card, user_id, **words):
    correction = make_correction(card.question, **words)
    recalling.bring_back(
        user_ids=[user_id],
        question_id=card.question_id,
        correction_id=correction.pk,
        at=AT,
    )


class TestWithoutSigningIn:
    def test_the_page_says_what_it_is_for_and_how_to_sign_in(self):
        screen = read(learner().get(PAGE))
        assert screen.heading == "Your learning"
        assert screen.links["Sign in"] == "/account/login/?next=/my-learning/"
        assert "You do not need an account." in screen.text

    def test_the_page_leaves_no_cookie(self):
        browser = learner()
        browser.get(PAGE)
        assert not browser.cookies

    def test_a_guests_answers_are_not_shown(self, client):
        guest = learner()
        answer(guest, guest.post(url_of(make_quiz())).headers["Location"], WRONG)
        assert "question 2 of 3" not in shown(guest)
        assert "question 2 of 3" not in shown(client)


class TestAtTheBeginning:
    def test_it_says_where_to_start(self, client):
        make_article("her2", title="What HER2 means")
        text = shown(client)
        assert "Nothing here yet. Start with “What HER2 means” (1 minute)." in text
        assert "Ready to look at again" not in text

    def test_an_empty_site_still_has_the_page(self, client):
        assert "Nothing here yet." in shown(client)
        assert "There are no pages yet." in shown(client)


class TestWhatIsDue:
    def test_is_counted_and_has_its_time(self, client, eva):
        take(make_quiz(questions=4, minutes=6), RIGHT, WRONG, WRONG, taker=eva)
        text = shown(client)
        assert "Ready to look at again (3)" in text
        assert "HER2 basics 3 questions, about 5 minutes" in text

    def test_takes_a_whole_minute_at_least(self, client, eva):
        take(make_quiz(questions=9, minutes=3), RIGHT, taker=eva)
        assert "1 question, about 1 minute" in shown(client)

    def test_is_grouped_by_quiz_with_the_longest_due_first(self, client, eva):
        late = make_quiz("late", title="The late one", questions=1)
        early = make_quiz("early", title="The early one", questions=2)
        take(late, WRONG, taker=eva, at=AT + 9 * DAY)
        take(early, WRONG, RIGHT, taker=eva)
        text = shown(client)
        due = text[text.index("Ready to look at again (3)") :]
        assert due.index("The early one") < due.index("The late one")

    def test_starts_a_review(self, client, eva):
        quiz = make_quiz(questions=1)
        take(quiz, WRONG, taker=eva)
        assert (
            f'action="{url_of(quiz, "review/")}"' in client.get(PAGE).content.decode()
        )
        url = client.post(url_of(quiz, "review/")).headers["Location"]
        answer(client, url, RIGHT)
        assert "Nothing to look at again today." in shown(client)

    def test_is_nothing_that_may_not_be_asked_now(self, client, eva):
        take(make_quiz(questions=1), WRONG, taker=eva)
        retract()
        assert "Nothing to look at again today." in shown(client)

    def test_is_nothing_of_other_people(self, client, eva):
        ida = Taker(user_id=make_user("ida@example.org", is_staff=False).pk)
        quiz = make_quiz(questions=2)
        take(quiz, WRONG, taker=ida)
        starting.resume(take(quiz, taker=eva))
        assert "Nothing to look at again today." in shown(client)

    def test_tells_nobody_what_they_missed(self, client, eva):
        take(make_quiz(questions=1), WRONG, taker=eva)
        text = shown(client).lower()
        for word in ("streak", "missed", "overdue", "%"):
            assert word not in text


class TestWhatChanged:
    def test_comes_first_with_the_question_and_the_reason(self, client, eva):
        take(make_quiz(questions=2), RIGHT, WRONG, taker=eva)
        first = ReviewCard.objects.get(question__slug="basics-1")
        change(first, eva.user_id, reason="The old test is not used any more.")
        text = shown(client)
        assert text.index("This changed since you answered") < text.index("Ready to")
        assert "What about basics-1? The old test is not used any more." in text
        assert "The answer that we gave before was not right." in text

    def test_says_when_the_old_answer_was_right_then(self, client, eva):
        take(make_quiz(questions=1), RIGHT, taker=eva)
        change(ReviewCard.objects.get(), eva.user_id, evidence_changed=True)
        assert "Your answer may have been right when you gave it." in shown(client)

    def test_is_gone_once_it_was_looked_at(self, client, eva):
        quiz = make_quiz(questions=1)
        take(quiz, RIGHT, taker=eva)
        change(ReviewCard.objects.get(), eva.user_id)
        answer(client, client.post(url_of(quiz, "review/")).headers["Location"], RIGHT)
        assert "This changed since" not in shown(client)


class TestCarryingOn:
    def link(self, client):
        links = read(client.get(PAGE)).links
        return links.get("Continue with HER2 basics")

    def test_leads_to_the_first_open_question(self, client, eva):
        attempt = take(make_quiz(questions=3), RIGHT, taker=eva)
        assert "HER2 basics question 2 of 3" in shown(client)
        assert self.link(client) == f"/attempts/{attempt.id}/2/"

    def test_goes_on_with_what_was_set_aside(self, client, eva):
        attempt = take(make_quiz(questions=3), RIGHT, taker=eva)
        starting.set_aside_idle(before=AT + DAY)
        page = client.get(PAGE)
        assert "Continue with HER2 basics" in read(page).buttons
        assert f'action="/attempts/{attempt.id}/retry/"' in page.content.decode()

    def test_leads_to_the_page_between_the_halves(self, client, eva):
        article = make_article()
        quiz = make_quiz(questions=1, article=article, purpose="before_after")
        attempt = take(quiz, WRONG, taker=eva)
        assert "read the page, then answer again" in shown(client)
        assert self.link(client) == f"/attempts/{attempt.id}/result/"

    def test_is_not_offered_for_what_was_finished_since(self, client, eva):
        quiz = make_quiz(questions=1)
        begin(quiz, taker=eva)
        take(quiz, RIGHT, taker=eva, at=AT + DAY)
        assert "Carry on" not in shown(client)

    def test_is_not_offered_for_a_review(self, client, eva):
        quiz = make_quiz(questions=1)
        take(quiz, WRONG, taker=eva)
        client.post(url_of(quiz, "review/"))
        assert "Carry on" not in shown(client)

    def test_is_not_offered_for_a_closed_quiz(self, client, eva):
        quiz = make_quiz(questions=3)
        take(quiz, RIGHT, taker=eva)
        authoring.close_quiz(quiz, by=None, at=AT)
        assert "Carry on" not in shown(client)


class TestTopics:
    @pytest.fixture
    def quiz(self):
        article = make_article("doses", topic=make_topic("treatment"), title="Doses")
        return make_quiz("doses", article=article, questions=2, title="All about doses")

    def test_list_pages_with_what_was_not_tried(self, client, quiz):
        text = shown(client)
        assert "Treatment Doses Quiz: All about doses: not tried yet" in text

    def test_show_the_best_result(self, client, eva, quiz):
        take(quiz, RIGHT, RIGHT, taker=eva)
        take(quiz, WRONG, RIGHT, taker=eva, at=AT + DAY)
        assert "All about doses: 2 of 2" in shown(client)

    def test_show_the_best_of_tries_of_different_length(self, client, eva, quiz):
        take(quiz, RIGHT, WRONG, taker=eva)
        more = [slot.question for slot in quiz.versions.get().slots.all()]
        edit_quiz(quiz, [*more, make_question("third")], title="All about doses")
        take(quiz, RIGHT, WRONG, RIGHT, taker=eva, at=AT + 40 * DAY)
        assert "All about doses: 2 of 3" in shown(client)

    def test_leave_out_a_part_that_was_tried_again(self, client, eva, quiz):
        missed = take(quiz, WRONG, RIGHT, taker=eva)
        retry = starting.try_again(missed, taker=eva, at=AT)
        give(retry, 1, RIGHT)
        assert "All about doses: 1 of 2" in shown(client)

    def test_leave_out_reviews(self, client, eva, quiz):
        take(quiz, WRONG, RIGHT, taker=eva)
        url = client.post(url_of(quiz, "review/")).headers["Location"]
        answer(client, url, RIGHT)
        assert "All about doses: 1 of 2" in shown(client)

    def test_show_what_was_known_after_reading(self, client, eva):
        article = make_article("doses", title="Doses")
        quiz = make_quiz(
            "pair", article=article, questions=1, purpose="before_after", title="Both"
        )
        before = take(quiz, WRONG, taker=eva)
        assert "Both: not tried yet" in shown(client)
        give(starting.start_after(before, taker=eva, at=AT), 1, RIGHT)
        assert "Both: 1 of 1" in shown(client)

    def test_say_nothing_about_reading(self, client, eva, quiz):
        take(quiz, RIGHT, RIGHT, taker=eva)
        assert "Read " not in shown(client)

    def test_are_followed_by_quizzes_without_a_page(self, client, eva):
        take(make_quiz(questions=1), WRONG, taker=eva)
        assert "More quizzes Quiz: HER2 basics: 0 of 1" in shown(client)

    def test_list_no_section_checks(self, client):
        make_check()
        assert "Check your understanding" not in shown(client)


class TestCertificates:
    def test_are_listed_and_withdrawn_ones_say_so(self, client, eva):
        exam = make_quiz(
            questions=1, purpose="test", pass_mark=50, gives_certificate=True
        )
        attempt = take(exam, RIGHT, taker=eva)
        issued = certifying.issue(attempt, name="Eva", at=AT)
        screen = read(client.get(PAGE))
        assert issued.get_absolute_url() in screen.links.values()
        assert "HER2 basics 6 January 2025" in screen.text
        certifying.withdraw(issued, by=None, reason="In error.", at=AT)
        assert "6 January 2025, withdrawn" in shown(client)


class TestTheDatabase:
    def fill(self, name, taker, *, quizzes):
        """Of everything that the page lists, some for each quiz."""
        for slug in (f"{name}-{n}" for n in range(quizzes)):
            article = make_article(slug, topic=make_topic(slug))
            quiz = make_quiz(slug, questions=2, article=article)
            take(quiz, WRONG, RIGHT, taker=taker)
            take(quiz, RIGHT, taker=taker, at=AT + DAY)
            rules = {"purpose": "test", "pass_mark": 50, "gives_certificate": True}
            exam = make_quiz(f"{slug}-exam", questions=1, **rules)
            certifying.issue(take(exam, RIGHT, taker=taker), name="Eva", at=AT)
        for card in ReviewCard.objects.filter(user=taker.user_id):
            change(card, taker.user_id)

    def asked(self, client):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    def test_is_asked_at_most_eight_times_however_much_there_is(self, client, eva):
        self.fill("first", eva, quizzes=1)
        few = self.asked(client)
        assert few <= 8
        self.fill("more", eva, quizzes=4)
        assert self.asked(client) == few
