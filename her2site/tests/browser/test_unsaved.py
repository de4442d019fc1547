"""Text that was typed and not saved survives, and a saved draft opens where one was."""

import pytest
from django.conf import settings
from django.urls import reverse

from articles.tests.desk_forms import address
from articles.tests.factories import write
from quizzes.tests.factories import make_misconception, make_question, make_quiz

BODY = "#id_passages-0-body"
OFFER = "#unsaved"
COPIES = "Object.keys(localStorage).filter((name) => name.startsWith('draft-')).length"
KEPT = f"() => {COPIES} === 1"
WEEK = "8 * 24 * 60 * 60 * 1000"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def typing(staff, draft):
    """Somebody has typed into a draft, and it was not saved."""
    staff.goto(address(draft))
    staff.locator(BODY).fill("Typed for an hour.")
    staff.wait_for_function(KEPT)
    return staff


def holds(words):
    """Whether a copy holds them, for a browser to find out."""
    return f"() => Object.values(localStorage).some((copy) => copy.includes('{words}'))"


def save(page, button="Save draft"):
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def open_again(page, draft):
    """As after a crash: in a new tab, which knows only what the device has kept."""
    tab = page.context.new_page()
    tab.goto(address(draft))
    return tab


class TestUnsavedText:
    def test_is_offered_after_a_lost_session_and_restored_at_a_press(
        self, typing, draft
    ):
        typing.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        save(typing)
        typing.get_by_label("E-mail address").fill("boss@example.org")
        typing.get_by_label("Password").fill("correct horse battery")
        typing.get_by_role("button", name="Sign in").click()
        typing.wait_for_url("**/change/")
        assert typing.locator(BODY).input_value() != "Typed for an hour."
        typing.get_by_role("button", name="Restore the text that was not saved").click()
        assert typing.locator(BODY).input_value() == "Typed for an hour."
        save(typing)
        assert draft.passages.get().body == "Typed for an hour."
        assert typing.evaluate(COPIES) == 0
        assert typing.locator(OFFER).is_hidden()

    def test_can_be_thrown_away(self, typing, draft):
        tab = open_again(typing, draft)
        tab.get_by_role("button", name="Throw it away").click()
        assert tab.evaluate(COPIES) == 0
        assert tab.locator(OFFER).is_hidden()

    def test_comes_back_with_its_new_passage(self, typing, draft):
        typing.get_by_role("button", name="Add another Passage").click()
        typing.locator("#id_passages-2-heading").fill("Three")
        typing.locator("#id_passages-2-body").fill("Third text.")
        typing.wait_for_function(holds("Third text."))
        tab = open_again(typing, draft)
        tab.get_by_role("button", name="Restore the text that was not saved").click()
        save(tab)
        assert draft.passages.get(key="three").body == "Third text."

    def test_is_laid_beside_what_somebody_else_saved_meanwhile(self, typing, draft):
        write(draft, title="Their title", passages={"what-is-her2": "Their text."})
        tab = open_again(typing, draft)
        tab.locator(OFFER).get_by_text("was saved since then").wait_for()
        tab.get_by_role("button", name="Restore the text that was not saved").click()
        save(tab)
        tab.get_by_text("saved this draft on").wait_for()
        assert tab.locator(BODY).input_value() == "Typed for an hour."
        assert draft.passages.get().body == "Their text."

    def test_goes_when_the_draft_is_saved_and_closed(self, typing, draft):
        save(typing, "Save and close")
        assert typing.evaluate(COPIES) == 0

    def test_goes_on_signing_out(self, typing, draft):
        tab = open_again(typing, draft)
        with tab.expect_navigation():
            tab.locator("#logout-form button").click()
        assert tab.evaluate(COPIES) == 0

    def test_goes_on_signing_out_of_the_site(self, typing, draft):
        tab = open_again(typing, draft)
        tab.goto("/account/logout/")
        with tab.expect_navigation():
            tab.get_by_role("button", name="Sign out").last.click()
        assert tab.evaluate(COPIES) == 0

    def test_goes_after_a_week(self, typing, draft):
        typing.evaluate(f"""() => {{
            const name = Object.keys(localStorage).find((n) => n.startsWith('draft-'));
            const copy = JSON.parse(localStorage.getItem(name));
            localStorage.setItem(name, JSON.stringify({{...copy, at: copy.at - {WEEK}}}));
        }}""")
        tab = open_again(typing, draft)
        assert tab.evaluate(COPIES) == 0
        assert tab.locator(OFFER).is_hidden()


class TestASavedDraft:
    def test_opens_where_one_was(self, staff, draft):
        write(draft, passages={f"p{n}": "Text." for n in range(6)})
        staff.goto(address(draft))
        area = staff.locator("#id_passages-4-body")
        area.fill("Text that is longer.")
        area.evaluate("a => a.setSelectionRange(5, 5)")
        before = area.bounding_box()["y"]
        # Not with the mouse, which would scroll to the button first.
        with staff.expect_navigation():
            staff.evaluate("document.querySelector('[name=_continue]').click()")
        staff.locator("#saved").get_by_text("Saved").wait_for()
        assert (
            area.evaluate("a => a === document.activeElement && a.selectionStart") == 5
        )
        assert abs(area.bounding_box()["y"] - before) < 2


class TestUnsavedTextOfAQuestion:
    @pytest.fixture
    def question(self, groups):
        return make_question("q", publish=False).versions.get()

    def test_comes_back_with_its_new_option_and_what_was_chosen(self, staff, question):
        make_misconception("cure", name="A cure for all")
        url = reverse("admin:quizzes_questionversion_change", args=[question.pk])
        staff.goto(url)
        staff.locator("#id_stem").fill("Typed for an hour?")
        before = question.options.count()
        staff.get_by_role("button", name="Add another Option").click()
        new = f"options-{before}"
        staff.locator(f"#id_{new}-text").fill("A cure")
        staff.locator(f"#id_{new}-explanation").fill("There is none.")
        staff.locator(f"#id_{new}-position").fill("9")
        staff.wait_for_function(holds("There is none."))
        choose(staff, f"id_{new}-misconception", "A cure for all")
        staff.wait_for_function(holds("A cure for all"))
        tab = staff.context.new_page()
        tab.goto(url)
        assert tab.locator("#id_stem").input_value() == question.stem
        tab.get_by_role("button", name="Restore the text that was not saved").click()
        save(tab)
        question.refresh_from_db()
        added = question.options.get(text="A cure")
        assert question.stem == "Typed for an hour?"
        assert added.misconception.name == "A cure for all"
        assert tab.evaluate(COPIES) == 0
        tab.locator("#saved").get_by_text("Saved").wait_for()

    def test_of_a_passage_alone_is_offered_too(self, staff, question):
        url = reverse("admin:quizzes_questionversion_change", args=[question.pk])
        staff.goto(url)
        staff.locator("#id_basis-0-passage").select_option("")
        staff.wait_for_function(KEPT)
        tab = staff.context.new_page()
        tab.goto(url)
        tab.get_by_role("button", name="Restore the text that was not saved").click()
        assert tab.locator("#id_basis-0-passage").input_value() == ""


class TestUnsavedTextOfAQuiz:
    def test_is_not_offered_once_it_was_saved_with_a_new_question(self, staff, groups):
        make_question("asked")
        draft = make_quiz(questions=0, publish=False).versions.get()
        staff.goto(reverse("admin:quizzes_quizversion_change", args=[draft.pk]))
        staff.get_by_role("button", name="Add another Question").click()
        choose(staff, "id_slots-0-question", "asked")
        staff.get_by_role("button", name="Add another Question").click()
        save(staff)
        staff.locator("#saved").get_by_text("Saved").wait_for()
        assert draft.slots.get().question.slug == "asked"
        assert not staff.locator(OFFER).is_visible()
        assert staff.evaluate(COPIES) == 0


def choose(page, field, words):
    """In a field that searches while one types."""
    page.locator(f"#{field} + .select2").click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(".select2-results__option", has_text=words).click()
