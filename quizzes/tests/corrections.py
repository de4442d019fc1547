"""Corrections of keys for tests, made by the moves that staff use."""

from django.contrib.auth import get_user_model

from articles.models import Passage
from articles.tests.factories import make_reference, make_user
from quizzes import regrading
from quizzes.keys import sentences_of
from quizzes.sampling import choice_token
from quizzes.tests.factories import LATER, live_version, tokens

REASON = "The protein has another name now."
# What another key takes as right, for each kind of question of the factories.
NEW_KEY = {
    "single": ["A virus"],
    "several": ["Heart", "Hair"],
    "true_false": ["True"],
    "matching": [
        "Trastuzumab: A tablet",
        "Tucatinib: A tablet",
        "Pertuzumab: An antibody",
    ],
    "ordering": ["Treat", "Test", "Check"],
    "number": ["85", "2"],
    "sentence": ["Healthy cells have it too."],
}


def key_of(version, *right):
    """The key of a question in which this is right; of a number: value and tolerance."""
    if version.kind == "number":
        value, tolerance = right
        return {"value": value, "tolerance": tolerance}
    if version.kind == "ordering":
        return {"order": tokens(version, *right)}
    if version.kind == "matching":
        rows = [text.split(": ") for text in right]
        pairs = {tokens(version, row)[0]: choice_token(to) for row, to in rows}
        return {**version.scoring, "pairs": pairs}
    known = dict(version.options.values_list("text", "token"))
    if version.kind == "sentence":
        passage = Passage.objects.get(text_hash=version.basis.accepted_hash)
        known = {text: token for token, text in sentences_of(passage).items()}
    return {**version.scoring, "right": sorted(known[text] for text in right)}


def publisher(name):
    email = f"{name}@example.org"
    found = get_user_model().objects.filter(email=email).first()
    return found or make_user(email, name=name.capitalize(), groups=["Publisher"])


def propose(
    question,
    *right,
    policy="never_worse",
    reason=REASON,
    evidence_changed=False,
    at=LATER,
    version=None,
):
    """Pia proposes another key for the version in use, or for `version`."""
    version = version or live_version(question)
    return regrading.propose(
        version,
        new_scoring=key_of(version, *right),
        reason=reason,
        evidence=make_reference(),
        evidence_changed=evidence_changed,
        policy=policy,
        by=publisher("pia"),
        at=at,
    )


def correct(question, *right, at=LATER, **options):
    """Pia proposes another key, and Per approves it."""
    correction = propose(question, *right, at=at, **options)
    regrading.approve(correction, by=publisher("per"), at=at)
    return correction
