"""Two sign-ups with one address at one moment: an impatient thumb."""

import pytest

from articles.tests.factories import make_user
from her2site.models import User
from her2site.tests.doors import browser, shown, sign_up
from quizzes.tests.test_parallel import at_once

ADDRESS = "new@example.org"


class Twin:
    """A check of passwords in whose time the other form is quicker."""

    def validate(self, password, user=None):
        if not User.objects.filter(email=ADDRESS):
            make_user(ADDRESS, is_staff=False)


@pytest.mark.django_db(transaction=True)
def test_make_one_account():
    browsers = [browser() for _ in range(4)]
    answers = at_once(*[lambda b=b: sign_up(b) for b in browsers])
    assert {answer.status_code for answer in answers} <= {200, 302}
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert len([b for b in browsers if "_auth_user_id" in b.session]) == 1


@pytest.mark.django_db
def test_tell_the_slower_one_to_sign_in(settings):
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": f"{__name__}.Twin"}]
    client = browser()
    answer = sign_up(client)
    assert answer.url == "/account/login/"
    assert "made a moment ago" in shown(client.get(answer.url))
    assert "_auth_user_id" not in client.session
