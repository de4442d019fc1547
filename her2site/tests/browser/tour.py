"""Every public page, in every state that looks different: how to get there in a browser."""

from django.template.loader import render_to_string

from her2site.tests.browser.stock import CONTENT, EXAM, LEARNER
from her2site.tests.doors import PASSWORD

FLAGSHIP = "/articles/her2-treatment-and-immunotherapy/"
SAMPLE_ARTICLES = [f"/articles/{p.stem}/" for p in sorted(CONTENT.glob("articles/*"))]
# Those that show the right answer after each question, not the test and the pair.
SAMPLE_QUIZZES = [
    f"/quizzes/{p.stem}/"
    for p in sorted(CONTENT.glob("quizzes/*"))
    if "purpose =" not in p.read_text()
]
OTHERS = "/quizzes/others/"
KINDS_OF_OTHERS = ("matching", "ordering", "number", "sentence")
EVERYTHING = "/articles/everything/"
KINDS = "/quizzes/kinds/"
CHECK = "/quizzes/check-at-the-end/check/"
# For each question of the quiz of all kinds; quizzes/tests/factories.py knows the options.
RIGHT = (["A protein"], ["Heart", "Lungs"], ["False"])
WRONG = (["A virus"], ["Hair"], ["True"])
PARTLY = (["I am not sure"], ["Heart"], ["False"])


def press(page, name):
    """Press a button or follow a link, and wait for the page behind it."""
    either = page.get_by_role("button", name=name, exact=True)
    either = either.or_(page.get_by_role("link", name=name, exact=True))
    with page.expect_navigation():
        either.first.click()


def choose(page, *labels):
    for label in labels:
        page.get_by_label(label, exact=True).check()


def start(page, quiz=KINDS):
    page.goto(quiz)
    press(page, "Start the quiz")


def answer(page, *labels):
    choose(page, *labels)
    press(page, "Check my answer")


def answer_all(page, answers):
    """From the start to the result of the quiz of all kinds."""
    start(page)
    for labels in answers:
        answer(page, *labels)
        page.locator(".buttons .btn").first.click()
        page.wait_for_load_state()


def skip(page, times=1):
    for _ in range(times):
        press(page, "Skip this question")


def clear(page):
    """The page on which a guest's answers are cut loose, with some to cut."""
    start(page)
    page.goto("/account/clear/")


# --- Ways to a page: each returns a function that takes a browser's page there ---------------


def at(path, status=200):
    def reach(page):
        assert page.goto(path).status == status

    return reach


def with_popover(path):
    def reach(page):
        page.goto(path)
        page.locator(".text .term").first.click()
        page.locator(":popover-open").wait_for()

    return reach


def unfolded(path):
    def reach(page):
        page.goto(path)
        for summary in page.locator("summary").all():
            summary.click()

    return reach


def targeted(path):
    def reach(page):
        page.goto(path)
        page.locator(".contents a").first.click()
        page.locator(".passage:target").wait_for()

    return reach


def question(position):
    def reach(page):
        start(page)
        skip(page, position - 1)

    return reach


def question_with_error(position):
    def reach(page):
        question(position)(page)
        press(page, "Check my answer")

    return reach


def feedback(position, *labels):
    def reach(page):
        question(position)(page)
        answer(page, *labels)

    return reach


def feedback_after_skipping(page):
    finish(page)
    press(page, "Finish and see my result")
    page.locator("#h-answers + ol a").first.click()
    page.wait_for_load_state()


def feedback_seen_again(page):
    """Answered in one tab, then differently in another that was still open."""
    start(page)
    other = page.context.new_page()
    other.goto(page.url)
    answer(other, "A protein")
    answer(page, "A virus")


def sample_question(page):
    start(page, SAMPLE_QUIZZES[0])


def skipped_question(page):
    start(page)
    first = page.url
    skip(page)
    page.goto(first)


def finish(page):
    start(page)
    skip(page, 3)


def result(answers):
    def reach(page):
        answer_all(page, answers)

    return reach


def intro_to_go_on(page):
    start(page)
    page.goto(KINDS)


def intro_with_a_problem(page):
    page.goto("/quizzes/counted/")
    press(page, "Start the test")


def other_question(position):
    """One of the kinds that have more than one field."""

    def reach(page):
        start(page, OTHERS)
        skip(page, position - 1)

    return reach


def other_question_with_error(position):
    def reach(page):
        other_question(position)(page)
        for select in page.locator(".line select").all():
            select.select_option(index=0)
        press(page, "Check my answer")

    return reach


def other_feedback(position):
    """After an answer that is partly or not at all right."""

    def reach(page):
        other_question(position)(page)
        for select in page.locator(".line select").all():
            if not page.locator(".moves").count():
                select.select_option(index=1)
        if page.locator("input[inputmode]").count():
            page.locator("input[inputmode]").fill("85")
        if position == 4:
            page.locator(".opt input").first.check()
        page.get_by_label("Very sure").check()
        press(page, "Check my answer")

    return reach


def kept_answer(page):
    page.goto("/quizzes/pair/")
    press(page, "Start the quiz")
    url = page.url
    answer(page, "A virus")
    page.goto(f"{url}feedback/")


def halfway(page):
    kept_answer(page)
    page.locator(".buttons .btn").first.click()
    page.wait_for_load_state()


def result_of_a_pair(page):
    halfway(page)
    press(page, "I have read it: answer again")
    answer(page, "A protein")


def result_with_certainty(page):
    other_feedback(1)(page)
    page.locator(".buttons .btn").first.click()
    page.wait_for_load_state()
    skip(page, 3)
    press(page, "Finish and see my result")


def passage_from_a_question(page):
    start(page)
    answer(page, "A virus")
    press(page, "Read this part again")


def all_with_errors(page):
    page.goto(f"{KINDS}all/")
    choose(page, "Heart")
    press(page, "Check my answers")


def check_answered(page):
    page.goto(CHECK)
    answer(page, "A medicine")


def check_with_error(page):
    page.goto(CHECK)
    press(page, "Check my answer")


def report_form(page):
    page.goto(EVERYTHING)
    page.locator(".said").first.click()
    page.wait_for_url("**/report/**")


def report(*chosen):
    """The page on which readers say whether a passage was clear, sent with this choice."""

    def reach(page):
        report_form(page)
        choose(page, *chosen)
        press(page, "Send")

    return reach


def review_with_error(page):
    page.goto("/review/to-sign/")
    press(page, "Ask for changes")


def sign_in(page, email="learner@example.org", password=PASSWORD):
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def signed_in(path, email="learner@example.org"):
    """A page of somebody's account; where it asks for the password again, it gets it."""

    def reach(page):
        sign_in(page, email)
        page.goto(path)
        if page.locator("h1").inner_text() == "Is it still you?":
            page.get_by_label("Password").fill(PASSWORD)
            press(page, "Go on")

    return reach


def sign_in_refused(page):
    sign_in(page, password="wrong horse battery")


def sign_up_with_errors(page):
    page.goto("/account/signup/")
    page.get_by_label("Password").fill("short")
    press(page, "Make my account")


def still_you(page):
    sign_in(page)
    page.goto("/account/2fa/totp/activate/")


def second_step(page):
    sign_in(page, "careful@example.org")


def second_step_with_error(page):
    second_step(page)
    page.get_by_label("Code").fill("000000")
    press(page, "Sign in")


def enter_code(page):
    page.goto("/account/login/code/")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    press(page, "Send me a code")


def app_with_error(page):
    signed_in("/account/2fa/totp/activate/")(page)
    press(page, "Turn it on")


def claim(page):
    start(page)
    sign_in(page)


def search_for(words):
    def reach(page):
        page.goto("/search/")
        box = page.get_by_label("Search this site")
        box.fill(words)
        with page.expect_navigation():
            box.press("Enter")

    return reach


def sent_from_elsewhere(page):
    page.goto("/")
    action = f"{page.url}quizzes/kinds/"
    page.goto("about:blank")
    page.set_content(f"<form method=post action={action}><button>Send</button></form>")
    press(page, "Send")


def my_learning(page):
    """Signed in, with something due, something unfinished, results and a certificate."""
    sign_in(page, LEARNER)
    page.goto("/my-learning/")


def certificate_form(page):
    page.goto(EXAM)
    press(page, "Start the test")
    answer(page, "A protein")
    press(page, "Get your certificate")


def certificate_form_with_error(page):
    certificate_form(page)
    press(page, "Get the certificate")


def certificate(page):
    certificate_form(page)
    page.get_by_label("Your name, as you want it printed").fill("Eva Berg")
    press(page, "Get the certificate")


def certificate_of_another(page):
    certificate(page)
    page.context.clear_cookies()
    page.reload()


def static_page(name):
    """One of the pages for when nothing works; test_error_pages.py sees them in earnest."""

    def reach(page):
        body = render_to_string(name)
        page.route(
            "**/broken/", lambda route: route.fulfill(body=body, content_type=HTML)
        )
        page.goto("/broken/")

    return reach


HTML = "text/html; charset=utf-8"
TOUR = {
    "home": at("/"),
    "topics": at("/articles/"),
    "topic": at("/topics/treatment/"),
    "empty topic": at("/topics/empty/"),
    **{path: at(path) for path in SAMPLE_ARTICLES},
    "article with everything": at(EVERYTHING),
    "article, unfolded": unfolded(EVERYTHING),
    "article, word explained": with_popover(EVERYTHING),
    "article, at a passage": targeted(EVERYTHING),
    "article, a passage hidden": at("/articles/hidden/"),
    "article withdrawn": at("/articles/withdrawn/", 410),
    "article replaced": at("/articles/replaced/", 410),
    "was it clear": report_form,
    "was it clear, with error": report("Something is wrong"),
    "was it clear, sent": report("It is not clear"),
    "article, to sign off": at("/review/to-sign/"),
    "article, to sign off, with error": review_with_error,
    "article, to look at": at("/review/to-look-at/"),
    "article, signed off by link": at("/review/signed/"),
    "article, changes asked for": at("/review/to-change/"),
    "article, link that leads nowhere": at("/review/nowhere/", 404),
    "source": at("/references/slamon2001/"),
    "source, retracted": at("/references/taken-back/"),
    "words": at("/glossary/"),
    "search": at("/search/"),
    "search, sent empty": search_for(""),
    "search, found": search_for("herceptin heart"),
    "search, many found": search_for("platypuses"),
    "search, some words": search_for("herceptin eyebrows"),
    "search, with a slip": search_for("hercepten"),
    "search, nothing": search_for("zzz"),
    "search, nothing, told": at("/search/?q=zzz&told=yes"),
    "not found": at("/nothing/", 404),
    "sent from elsewhere": sent_from_elsewhere,
    "400": static_page("400.html"),
    "500": static_page("500.html"),
    "503": static_page("503.html"),
    "429": static_page("429.html"),
    "sign in": at("/account/login/"),
    "sign in, with error": sign_in_refused,
    "code by mail": at("/account/login/code/"),
    "code by mail, sent": enter_code,
    "new account": at("/account/signup/"),
    "new account, with errors": sign_up_with_errors,
    "forgotten password": at("/account/password/reset/"),
    "forgotten password, sent": at("/account/password/reset/done/"),
    "forgotten password, old link": at("/account/password/reset/key/1-old/"),
    "forgotten password, done": at("/account/password/reset/key/done/"),
    "address, sent": at("/account/confirm-email/"),
    "address, old link": at("/account/confirm-email/old/"),
    "account closed": at("/account/inactive/"),
    "account": signed_in("/account/"),
    "address": signed_in("/account/email/"),
    "password": signed_in("/account/password/change/"),
    "signing out": signed_in("/account/logout/"),
    "is it still you": still_you,
    "second step": second_step,
    "second step, with error": second_step_with_error,
    "second steps": signed_in("/account/2fa/"),
    "an app": signed_in("/account/2fa/totp/activate/"),
    "an app, with error": app_with_error,
    "a key": signed_in("/account/2fa/webauthn/add/"),
    "keys": signed_in("/account/2fa/webauthn/"),
    "recovery codes": signed_in("/account/2fa/recovery-codes/", "codes@example.org"),
    "new recovery codes": signed_in(
        "/account/2fa/recovery-codes/generate/", "codes@example.org"
    ),
    "quizzes done before": claim,
    "for staff only": signed_in("/admin/"),
    "help": at("/help/"),
    "about": at("/about/"),
    "accessibility": at("/accessibility/"),
    "privacy": at("/privacy/"),
    "clear, nothing there": at("/account/clear/"),
    "clear": clear,
    "deleted": at("/account/deleted/"),
    "quizzes": at("/quizzes/"),
    "your learning, signed out": at("/my-learning/"),
    "your learning": my_learning,
    "certificate, form": certificate_form,
    "certificate, form with error": certificate_form_with_error,
    "certificate": certificate,
    "certificate, seen by others": certificate_of_another,
    "certificate, not found": at("/certificates/none/", 404),
    "intro": at(SAMPLE_QUIZZES[0]),
    "intro, to go on": intro_to_go_on,
    "intro with a problem": intro_with_a_problem,
    "question, one answer": question(1),
    "question, several answers": question(2),
    "question, true or false": question(3),
    "question, sample": sample_question,
    **{
        f"question, {kind}": other_question(place)
        for place, kind in enumerate(KINDS_OF_OTHERS, 1)
    },
    **{
        f"question, {kind}, with error": other_question_with_error(place)
        for place, kind in enumerate(KINDS_OF_OTHERS, 1)
    },
    **{
        f"feedback, {kind}": other_feedback(place)
        for place, kind in enumerate(KINDS_OF_OTHERS, 1)
    },
    "all questions, other kinds": at(f"{OTHERS}all/"),
    "answer kept": kept_answer,
    "halfway": halfway,
    "result, before and after": result_of_a_pair,
    "result, how sure": result_with_certainty,
    "passage, from a question": passage_from_a_question,
    "intro, a test": at("/quizzes/exam/"),
    "intro, being checked": at("/quizzes/resting/"),
    "question, skipped before": skipped_question,
    "question, one answer, with error": question_with_error(1),
    "question, several answers, with error": question_with_error(2),
    "feedback, right": feedback(1, "A protein"),
    "feedback, partly right": feedback(2, "Heart"),
    "feedback, wrong": feedback(1, "A virus"),
    "feedback, not sure": feedback(1, "I am not sure"),
    "feedback, skipped": feedback_after_skipping,
    "feedback, first answer kept": feedback_seen_again,
    "finish": finish,
    "result, all right": result(RIGHT),
    "result, some right": result(PARTLY),
    "result, none right": result(WRONG),
    "all questions": at(f"{SAMPLE_QUIZZES[0]}all/"),
    "all questions, with errors": all_with_errors,
    "section check": at(CHECK),
    "section check, with error": check_with_error,
    "section check, answered": check_answered,
}
