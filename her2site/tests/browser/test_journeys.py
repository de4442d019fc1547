"""The ways of the people who write, from the first click to what a reader sees."""

import re

import pytest

from articles.models import ArticleVersion, SignOff
from articles.tests.desk_forms import address
from articles.tests.factories import make_reference, make_user
from quizzes.tests.factories import make_question, make_quiz

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
PAGE = "/articles/her2/"
BODY = "#id_passages-0-body"
NEW_BODY = "HER2 is a protein on the surface of 3 in every 4 cells [@slamon2001]."


@pytest.fixture
def article(groups):
    """A page, with a question that rests on it and is asked in a quiz."""
    question = make_question(stem="Where does HER2 sit?")
    make_quiz("basics", questions=[question], title="The basics")
    return question.versions.get().basis.article


@pytest.fixture
def sign_in(new_page, groups):
    def open_desk(email, name, *names):
        make_user(email, name=name, groups=names)
        page = new_page(viewport={"width": 1280, "height": 900})
        page.goto("/admin/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Sign in")
        page.wait_for_url("**/admin/")
        return page

    return open_desk


def press(page, name):
    """A button or a link, and wait for the page behind it."""
    either = page.get_by_role("button", name=name, exact=True)
    either = either.or_(page.get_by_role("link", name=name, exact=True))
    with page.expect_navigation():
        either.first.click()


def seen(page):
    return " ".join(page.locator("main, #content").first.inner_text().split())


def write_and_submit(author, article):
    author.goto(address(article))
    press(author, "Start draft")
    author.locator(BODY).fill(NEW_BODY)
    author.get_by_label("What changed").fill("Said how many.")
    author.get_by_label("Kind of change").select_option("material")
    press(author, "Save draft")
    press(author, "Submit for review")
    press(author, "Submit for review")
    return ArticleVersion.objects.working().get()


class TestANewVersion:
    def test_goes_from_the_author_by_a_reviewer_to_the_readers_and_the_questions(
        self, sign_in, article, new_page
    ):
        author = sign_in("ana@example.org", "Ana", "Author")
        version = write_and_submit(author, article)

        reviewer = sign_in("rut@example.org", "Rut", "Clinical reviewer")
        waiting = reviewer.get_by_role("region", name=re.compile("^Waiting for"))
        with reviewer.expect_navigation():
            waiting.get_by_role("link", name=version.title, exact=True).click()
        press(reviewer, "Sign off")
        risky = reviewer.locator(".risky").inner_text()
        assert "3" in risky
        assert "4" in risky
        reviewer.get_by_label("Clinical check").check()
        reviewer.get_by_label("Your profession").fill("oncologist")
        press(reviewer, "Sign off")
        assert "Signed off." in seen(reviewer)

        publisher = sign_in("pia@example.org", "Pia", "Publisher")
        publisher.goto(address(version))
        press(publisher, "Publish")
        assert "Where does HER2 sit?" in seen(publisher)
        press(publisher, "Publish")
        publisher.goto("/admin/")
        press(publisher, "Where does HER2 sit?")
        press(publisher, "Accept passage")
        press(publisher, "Accept passage")
        publisher.goto("/admin/")
        assert "Where does HER2 sit?" not in seen(publisher)

        reader = new_page()
        reader.goto(PAGE)
        assert "3 in every 4 cells" in seen(reader)
        assert "Rut, oncologist" in seen(reader)
        assert "No clinician has checked" not in seen(reader)


class TestAnExpertWithoutAnAccount:
    def test_reads_what_changed_and_signs_it_off(self, sign_in, article, new_page):
        author = sign_in("ana@example.org", "Ana", "Author")
        version = write_and_submit(author, article)
        publisher = sign_in("pia@example.org", "Pia", "Publisher")
        publisher.goto(address(version))
        press(publisher, "Invite by link")
        publisher.get_by_label("For whom").fill("Eva Berg")
        publisher.get_by_label("Profession").fill("oncologist")
        publisher.get_by_label("Clinical check").check()
        press(publisher, "Invite by link")
        url = publisher.get_by_label("Address", exact=True).input_value()

        expert = new_page(viewport={"width": 360, "height": 740})
        expert.goto(url)
        assert "Look closely" in seen(expert)
        assert "References" in seen(expert)
        press(expert, "Sign off this text")
        assert "You signed off this text" in seen(expert)
        signed = SignOff.objects.get()
        assert (signed.name, signed.version) == ("Eva Berg", version)

        publisher.goto(address(version))
        assert "Eva Berg, oncologist" in seen(publisher)


class TestAnEmergency:
    def test_hides_a_passage_from_readers_until_it_is_mended(
        self, sign_in, article, new_page
    ):
        reviewer = sign_in("rut@example.org", "Rut", "Clinical reviewer")
        reviewer.goto(address(article))
        press(reviewer, "Hide a passage")
        reviewer.get_by_role("radio").first.check()
        reviewer.get_by_label("Why it is hidden").fill("A number is wrong.")
        press(reviewer, "Hide a passage")

        reader = new_page()
        reader.goto(PAGE)
        assert "A number is wrong." in seen(reader)
        assert "on the surface of cells" not in seen(reader)
        reader.goto("/quizzes/basics/")
        assert reader.get_by_role("button", name="Start the quiz").count() == 0

        reviewer.goto("/admin/")
        assert "A number is wrong." in seen(reviewer)
        reviewer.goto(address(article))
        press(reviewer, "Show a hidden passage")
        reviewer.get_by_role("radio").first.check()
        press(reviewer, "Show a hidden passage")
        reader.goto(PAGE)
        reader.reload()  # it may be kept for a minute
        assert "on the surface of cells" in seen(reader)


class TestARetraction:
    def test_is_seen_by_readers_and_leads_staff_to_what_leans_on_it(
        self, sign_in, article, new_page
    ):
        publisher = sign_in("pia@example.org", "Pia", "Publisher")
        publisher.goto(address(make_reference()))
        publisher.get_by_label("Status:").select_option("retracted")
        publisher.get_by_label("Status note:").fill("The journal, over its figures.")
        publisher.get_by_label("Since:").fill("2026-03-05")
        press(publisher, "Save")
        publisher.goto("/admin/")
        desk = seen(publisher)
        assert "retracted, 1 live page, 1 passage, 1 question" in desk
        assert "Where does HER2 sit?" in desk

        reader = new_page()
        reader.goto(PAGE)
        note = re.compile(r"retracted \(5 March 2026\).*over its figures")
        assert note.search(seen(reader))
