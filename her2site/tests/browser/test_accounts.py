"""Accounts in a real browser: without a script, with an app's picture, with a security key."""

import pytest

from articles.tests.factories import make_user
from her2site.tests.browser.tour import press, sign_in, signed_in, start
from her2site.tests.doors import PASSWORD, app_code

VIRTUAL_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class TestWithoutAScript:
    def test_a_learner_makes_an_account_and_comes_back(self, new_page):
        page = new_page(java_script_enabled=False)
        page.goto("/account/signup/")
        page.get_by_label("E-mail address").fill("new@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        press(page, "Make my account")
        page.goto("/account/")
        press(page, "Sign out")
        sign_in(page, "new@example.org")
        page.goto("/account/")
        assert page.get_by_text("You are signed in as new@example.org.").is_visible()

    def test_what_was_done_before_is_added_by_a_button(self, new_reader):
        page = new_reader(java_script_enabled=False)
        start(page)
        question = page.url
        sign_in(page)
        assert page.locator("h1").inner_text() == "Are these yours?"
        press(page, "Not mine")
        assert page.url.endswith("/my-learning/")
        assert page.goto(question).status == 404

    def test_a_field_with_a_fault_is_one_press_away(self, new_page):
        page = new_page(java_script_enabled=False)
        page.goto("/account/login/")
        press(page, "Sign in")
        page.get_by_role("link", name="Please fill in “Password”.").click()
        assert page.evaluate("document.activeElement.id") == "id_password"


@pytest.mark.django_db(transaction=True)
class TestTheApp:
    def test_is_set_up_from_a_picture_that_can_be_seen(self, page):
        make_user("learner@example.org", is_staff=False)
        signed_in("/account/2fa/totp/activate/")(page)
        width = page.locator(".qr").evaluate("(picture) => picture.naturalWidth")
        assert width > 100
        secret = page.locator("code").inner_text()
        page.get_by_label("Code").fill(app_code(secret))
        press(page, "Turn it on")
        assert page.locator("h1").inner_text() == "Your recovery codes"
        assert page.locator(".codes li").count() == 10


@pytest.mark.django_db(transaction=True)
class TestAKey:
    def test_is_added_and_then_opens_the_account(self, page):
        make_user("learner@example.org", is_staff=False)
        key = page.context.new_cdp_session(page)
        key.send("WebAuthn.enable")
        key.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL_KEY})
        signed_in("/account/2fa/webauthn/add/")(page)
        press(page, "Add the key")
        assert page.locator("h1").inner_text() == "Your recovery codes"
        page.goto("/account/")
        press(page, "Sign out")
        sign_in(page)
        assert page.locator("h1").inner_text() == "One more step"
        press(page, "Use a security key")
        assert page.url.endswith("/my-learning/")
