"""What stands on the site under test: the sample content, and one of each rarer thing."""

import io
from hashlib import sha256

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pixels

from articles import hiding, inviting, picturing, publishing
from articles.loading import load_articles
from articles.models import LinkOutcome, ReviewLink
from articles.referencing import renew_pages
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_draft,
    make_reference,
    make_sign_off,
    make_topic,
    make_user,
    make_version,
)
from quizzes import authoring, certifying, recalling
from quizzes.loading import load_quizzes
from quizzes.models import Purpose, Taker
from quizzes.tests.factories import (
    LATER,
    make_check,
    make_correction,
    make_question,
    make_quiz,
    retract,
    take,
)

CONTENT = settings.BASE_DIR / "content"
EXAM = "/quizzes/exam/"
LEARNER = "eva@example.org"
PASSWORD = "correct horse battery"
REASON = "A study it rests on was taken back."
SECRET = "JBSWY3DPEHPK3PXP"
REVIEWS = ("to-sign", "to-look-at", "signed", "to-change")
EVERYTHING = """
A **strong** word, a `code`, an *other voice* and a [link](https://www.who.int/) [@slamon2001].

![A circle in plum]({picture})

### A heading inside

1. First, an antibody [@taken-back, page 3].
2. Second, an antibody again [@slamon2001; @taken-back].

> Somebody said so [@slamon2001].

```
A block of code
```

---

#### A smaller heading

| Name | Kind | Use | Watch |
|---|---|---|---|
| Trastuzumab | antibody | early and late | heart |

```chances
Shows: people with a sign [@slamon2001]
Out of: 100
Without: 0
With: 7
```

```chances
Shows: people with a rare sign [@slamon2001]
Out of: 1000
Without: 1000
With: 999
```

::: note Good to know
A note.
:::

::: urgent Call now if
You cannot breathe.
:::

::: detail
More about it.
:::

::: survival How long people live
Some figures.
:::
"""


def fill():
    """Load and make everything; some seconds of work."""
    now = timezone.now()
    load_articles(CONTENT, by=None, at=now)
    load_quizzes(CONTENT, by=None, at=now)
    add_articles()
    add_quizzes()
    add_learner()
    add_people()


def add_articles():
    make_reference("taken-back", DOI="10.1000/taken-back")
    body = EVERYTHING.format(picture=f"image:{add_picture().pk}")
    article = make_article("everything", passages={"all-of-it": body})
    make_version(article, at=LATER, change_note="Said it better.")
    make_sign_off(live(article, at=LATER))
    renew_pages([retract("taken-back")], at=timezone.now())
    add_review_links(article, body)
    make_topic("empty", description="Nothing has been written about it.")
    for number in range(11):  # more than one page of a search
        text = "A word about platypuses [@slamon2001]."
        make_article(f"page-{number}", passages={"one": text})
    hidden = make_article("hidden", passages={"first": BODY, "second": BODY})
    hiding.hide(hidden, key="first", by=None, at=LATER, reason=REASON)
    publishing.withdraw(make_article("withdrawn"), by=None, at=AT, reason=REASON)
    publishing.withdraw(
        make_article("replaced"), by=None, at=AT, reason=REASON, replaced_by=article
    )


def add_review_links(article, body):
    """One of each kind, to the same text, with secrets that the tour knows."""
    body = body.replace("A **strong** word", "A **strong** word, and not 3 of them,")
    draft = make_draft(article, at=LATER, passages={"all-of-it": body})
    publishing.submit(draft, by=None)
    now = timezone.now()
    for secret in REVIEWS:
        kind = "" if secret == "to-look-at" else "clinical"
        asked = {"name": "Bo Lind", "role": "oncologist", "kind": kind, "days": 14}
        link, _ = inviting.invite(draft, by=None, at=now, **asked)
        known = sha256(secret.encode()).hexdigest()
        ReviewLink.objects.filter(pk=link.pk).update(token_hash=known)
        if secret in ("signed", "to-change"):
            add_answer(link, at=now)


def add_answer(link, *, at):
    is_first = not link.version.sign_offs.exists()
    inviting.answer(
        link,
        outcome=LinkOutcome.SIGNED if is_first else LinkOutcome.CHANGES,
        name=link.name,
        role=link.role,
        remark="Name the trial that this rests on.",
        seen_hash=link.version.content_hash,
        at=at,
    )


def add_picture():
    file = io.BytesIO()
    Pixels.new("RGB", (640, 320), "#6b2e6f").save(file, "PNG")
    upload = SimpleUploadedFile("circle.png", file.getvalue())
    return picturing.add_picture(upload, title="A circle", credit="Drawn by nobody")


def add_quizzes():
    """Questions of each kind; a quiz whose only question is retired; a test with one try."""
    article = make_article("kinds")
    passage = "kinds#what-is-her2"
    kinds = ["single", "several", "true_false"]
    questions = [make_question(f"a-{k}", kind=k, passage=passage) for k in kinds]
    make_quiz("kinds", questions=questions, article=article, intro="One of each kind.")
    others = ["matching", "ordering", "number", "sentence"]
    questions = [make_question(f"b-{kind}", kind=kind) for kind in others]
    make_quiz("others", questions=questions, title="Other kinds", ask_certainty=True)
    counted = make_question("counted-1", passage=passage)
    rules = {"purpose": Purpose.TEST, "attempts_allowed": 1}
    make_quiz("counted", questions=[counted], title="One try", **rules)
    make_pair(article, passage)
    make_check(slug="at-the-end", passage=passage)
    retired = make_question("retired-one", passage=passage)
    make_quiz("resting", questions=[retired], article=article)
    authoring.retire_question(retired, by=None, at=AT, reason="It was unclear.")


def make_pair(article, passage):
    asked = make_question("pair-1", passage=passage)
    rules = {"purpose": Purpose.BEFORE_AFTER, "article": article}
    make_quiz("pair", questions=[asked], title="Before and after", **rules)


def add_learner():
    """Somebody with something of all that "Your learning" can show, and a test to pass."""
    rules = {"purpose": Purpose.TEST, "pass_mark": 50, "gives_certificate": True}
    asked = make_question("exam-1", passage="kinds#what-is-her2")
    exam = make_quiz("exam", questions=[asked], title="An exam", **rules)
    learnt = [
        make_question(f"learnt-{n}", passage="kinds#what-is-her2") for n in (1, 2)
    ]
    quiz = make_quiz("learnt", questions=learnt, title="Learnt before")
    eva = make_user(LEARNER, name="Eva Berg")
    taker = Taker(user_id=eva.pk)
    take(quiz, "A protein", "A virus", taker=taker)
    take(quiz, "A protein", taker=taker, at=LATER)
    certifying.issue(take(exam, "A protein", taker=taker), name="Eva Berg", at=AT)
    recalling.bring_back(
        user_ids=[eva.pk],
        question_id=learnt[0].pk,
        correction_id=make_correction(learnt[0]).pk,
        at=LATER,
    )


def add_people():
    """A learner; one with an app; and one with recovery codes."""
    learner = make_user("learner@example.org", is_staff=False)
    EmailAddress.objects.create(user=learner, email=learner.email, verified=True)
    TOTP.activate(make_user("careful@example.org", is_staff=False), SECRET)
    RecoveryCodes.activate(make_user("codes@example.org", is_staff=False))
