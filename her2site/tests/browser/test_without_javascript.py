"""Every journey works in a browser that runs no script."""

import pytest

from her2site.tests.browser.tour import (
    CHECK,
    EVERYTHING,
    FLAGSHIP,
    KINDS,
    PARTLY,
    RIGHT,
    SAMPLE_QUIZZES,
    answer,
    answer_all,
    choose,
    press,
    start,
)

EDGE = "(e) => parseFloat(getComputedStyle(e, '::before').borderInlineStartWidth)"


@pytest.fixture
def plain(new_reader):
    return new_reader(java_script_enabled=False)


class TestQuiz:
    def test_can_be_taken_to_its_result(self, plain):
        answer_all(plain, RIGHT)
        assert plain.locator("h1").inner_text() == "You got 3 of 3"

    def test_says_what_to_read_again(self, plain):
        answer_all(plain, PARTLY)
        assert plain.locator("h1").inner_text() == "You got 1 of 3"
        press(plain, "Try these 2 again")
        assert plain.get_by_text("Question 1 of 2").is_visible()

    @pytest.mark.parametrize("quiz", SAMPLE_QUIZZES)
    def test_of_the_sample_content_ends_with_a_result(self, plain, quiz):
        plain.goto(quiz)
        press(plain, "Start the quiz")
        while plain.locator("fieldset").count():
            plain.locator(".opt input").first.check()
            press(plain, "Check my answer")
            assert plain.locator("#feedback h1").is_visible()
            with plain.expect_navigation():
                plain.locator(".buttons .btn").first.click()
        assert plain.locator("h1").inner_text().startswith("You got ")

    def test_can_be_taken_on_one_page(self, plain):
        plain.goto(f"{KINDS}all/")
        choose(plain, "A protein", "Heart", "Lungs")
        press(plain, "Check my answers")
        assert plain.locator("#error-summary a").count() == 1
        press(plain, "Check the ones I answered")
        assert plain.locator("h1").inner_text() == "You got 2 of 3"

    def test_without_an_answer_leads_from_the_summary_to_the_options(self, plain):
        start(plain)
        press(plain, "Check my answer")
        assert plain.title().startswith("Error: ")
        plain.locator("#error-summary a").click()
        assert plain.evaluate("document.activeElement.matches('.opt input')")


class TestFeedback:
    def test_leads_to_the_passage_and_marks_it(self, plain):
        start(plain)
        answer(plain, "A virus")
        press(plain, "Read this part again")
        passage = plain.locator(".passage:target")
        assert passage.get_attribute("id") == "what-is-her2"
        assert passage.evaluate(EDGE) == 4

    def test_is_one_press_away_from_the_passage(self, plain):
        start(plain)
        answer(plain, "A virus")
        feedback = plain.url
        press(plain, "Read this part again")
        press(plain, "Back to your quiz")
        assert plain.url == feedback

    def test_marks_no_other_passage(self, plain):
        plain.goto(FLAGSHIP)
        plain.locator(".contents a").nth(1).click()
        edges = [p.evaluate(EDGE) for p in plain.locator(".passage").all()]
        assert [edge for edge in edges if edge] == [4]


class TestSectionCheck:
    def test_is_answered_from_the_article_and_leads_back_to_it(self, plain):
        plain.goto("/articles/kinds/")
        answer(plain, "A medicine")
        assert plain.title().startswith("Not quite")
        press(plain, "Back to the page")
        assert plain.url.endswith("/articles/kinds/#what-is-her2")

    def test_without_an_answer_says_so_on_a_page_of_its_own(self, plain):
        plain.goto("/articles/kinds/")
        press(plain, "Check my answer")
        assert plain.url.endswith(CHECK)
        assert plain.locator("#error-summary").is_visible()


class TestArticle:
    def test_explains_a_word_on_the_spot(self, plain):
        plain.goto(EVERYTHING)
        plain.locator(".text .term").first.click()
        meaning = plain.locator(".word:popover-open")
        assert meaning.is_visible()
        meaning.get_by_role("button", name="Close").click()
        assert not plain.locator(".word").first.is_visible()

    def test_unfolds_its_details(self, plain):
        plain.goto(EVERYTHING)
        plain.get_by_text("More detail", exact=True).click()
        assert plain.get_by_text("More about it.").is_visible()

    def test_shows_no_button_that_would_do_nothing(self, plain):
        plain.goto(EVERYTHING)
        assert not plain.locator("[data-print]").is_visible()
