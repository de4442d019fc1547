"""Two sign-ups at one moment: an impatient thumb."""

import pytest

from her2site.models import User
from her2site.tests.doors import browser, shown, sign_up
from quizzes.tests.test_parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class TestTwoSignUpsWithOneAddress:
    def test_make_one_account_and_the_other_is_told(self):
        browsers = [browser() for _ in range(4)]
        answers = at_once(*[lambda b=b: sign_up(b) for b in browsers])
        assert {answer.status_code for answer in answers} <= {200, 302}
        assert User.objects.filter(email="new@example.org").count() == 1
        winners = [b for b in browsers if "_auth_user_id" in b.session]
        assert len(winners) == 1
        for one, answer in zip(browsers, answers, strict=True):
            if one in winners:
                continue
            page = one.get(answer.url) if answer.status_code == 302 else answer
            assert "made a moment ago" in shown(page) or "already signs in" in shown(
                page
            )
