"""Questions, quizzes and learners for tests, made by the moves that staff use."""

import datetime as dt

from django.db import transaction
from django.test import Client

from articles.models import Article
from articles.tests.factories import AT, BODY, make_article, make_reference, set_status
from quizzes import answering, authoring, starting
from quizzes.keys import sentences_of
from quizzes.models import (
    Basis,
    EditKind,
    KeyCorrection,
    Misconception,
    Option,
    Purpose,
    Question,
    QuestionVersion,
    Quiz,
    QuizSlot,
    Taker,
    standing_of,
)
from quizzes.sampling import choice_token
from quizzes.tests.screens import read

LATER = AT + dt.timedelta(days=30)
NEW_BODY = "HER2 is a receptor on the surface of cells [@slamon2001]."
UNSURE = "I am not sure"
PASSAGE = "her2#what-is-her2"
SINGLE = {"A protein": True, "A virus": False, "A medicine": False}
SEVERAL = {"Heart": True, "Lungs": True, "Hair": False, "Sight": False}
TRUE_FALSE = {"True": False, "False": True}
MATCHING = {
    "Trastuzumab": "An antibody",
    "Tucatinib": "A tablet",
    "Pertuzumab": "An antibody",
}
ORDERING = {"Test": True, "Treat": True, "Check": True}
NUMBER = {"15": True, "85": False}
# Two sentences of SENTENCES.
SENTENCE = {"It can tell the cell to grow.": True, "Healthy cells have it too.": False}
SENTENCES = (
    "HER2 is a receptor [@slamon2001]. It can tell the cell to grow [@slamon2001].\n\n"
    "- Healthy cells have it too [@slamon2001]."
)
OPTIONS = {
    "single": SINGLE,
    "several": SEVERAL,
    "true_false": TRUE_FALSE,
    "matching": MATCHING,
    "ordering": ORDERING,
    "number": NUMBER,
    "sentence": SENTENCE,
}


def make_misconception(slug="a-belief", **fields):
    words = {"name": slug, "belief": f"{slug} holds.", "correction": f"Not {slug}."}
    return Misconception.objects.get_or_create(slug=slug, defaults=words | fields)[0]


def make_question(slug=None, *, publish=True, at=AT, by=None, **content):
    """A question with one version. `content` goes to write_question."""
    slug = slug or f"question-{Question.objects.count() + 1}"
    question = Question.objects.create(slug=slug)
    draft = authoring.start_question_draft(question, by=by, at=at)
    write_question(draft, at=at, by=by, **new_content(slug, **content))
    if publish:
        authoring.publish_question(draft, by=by, at=at)
    return question


def new_content(slug, kind="single", **content):
    return {
        "kind": kind,
        "stem": f"What about {slug}?",
        "options": OPTIONS[kind],
        "passage": sentence_passage() if kind == "sentence" else PASSAGE,
        "references": ["slamon2001"],
        **AS_A_WHOLE.get(kind, {}),
        **content,
    }


AS_A_WHOLE = {
    "number": {"why": "It is 15.", "tolerance": "1", "unit": "out of 100"},
    "sentence": {"why": "That sentence says it."},
}


def sentence_passage():
    """A passage with sentences to point at, made when it is first asked for."""
    if not Article.objects.filter(slug="sentences").exists():
        make_article("sentences", passages={"read-it": SENTENCES})
    return "sentences#read-it"


def write_question(
    draft,
    *,
    at=AT,
    by=None,
    passage=None,
    options=None,
    references=None,
    explanation="Because of “{text}”.",
    misconception="a-belief",
    why=None,
    **fields,
):
    """Save over a draft as its form does.

    `options` are a dictionary: text to is-right, or to what a row belongs to. `explanation`
    is that of each option, `why` that of the whole question.
    """
    if why is not None:
        fields["explanation"] = why
    with transaction.atomic():
        authoring.take_question_turn(draft, token=draft.edit_token, by=by, at=at)
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.save()
        if passage is not None:
            rest_on(draft, passage)
        if references is not None:
            draft.references.set([make_reference(key) for key in references])
        if options is not None:
            _write_options(draft, options, explanation, misconception)
    return draft


def rest_on(draft, passage):
    slug, _, key = passage.partition("#")
    article = Article.objects.filter(slug=slug).first()
    article = article or make_article(slug, passages={key: BODY})
    fields = {"article": article, "passage_key": key}
    Basis.objects.update_or_create(version=draft, defaults=fields)


def _write_options(draft, options, explanation, misconception):
    draft.options.all().delete()
    belief = make_misconception(misconception) if misconception else None
    Option.objects.bulk_create(
        Option(
            version=draft,
            position=position,
            text=text,
            match="" if isinstance(right, bool) else right,
            is_right=right is True,
            explanation=explanation.format(text=text),
            misconception=None if right else belief,
        )
        for position, (text, right) in enumerate(options.items())
    )


def edit_question(question, *, at=LATER, publish=True, **content):
    """A new version, published over the old one."""
    draft = authoring.start_question_draft(question, by=None, at=at)
    write_question(draft, at=at, **{"change_kind": EditKind.CLARITY, **content})
    if publish:
        authoring.publish_question(draft, by=None, at=at)
    return draft


def make_quiz(
    slug="basics",
    *,
    questions=3,
    article=None,
    publish=True,
    at=AT,
    by=None,
    kind="single",
    purpose=Purpose.SELF_CHECK,
    pools=(),
    **fields,
):
    """A quiz of these questions, or of as many new ones of one kind.

    `pools` are dictionaries of a slot's fields, such as {"pool_tag": tag, "draw": 2}.
    """
    if isinstance(questions, int):
        questions = [
            make_question(f"{slug}-{n}", at=at, kind=kind)
            for n in range(1, questions + 1)
        ]
    made = Quiz.objects.create(slug=slug, article=article, purpose=purpose)
    draft = authoring.start_quiz_draft(made, by=by, at=at)
    words = {"title": "HER2 basics", **fields}
    fill_quiz(draft, questions, at=at, pools=pools, **words)
    if publish:
        authoring.publish_quiz(draft, by=by, at=at)
    return made


def fill_quiz(draft, questions, *, at=AT, by=None, pools=(), **fields):
    """Save over a quiz's draft as its form does."""
    with transaction.atomic():
        authoring.take_quiz_turn(draft, token=draft.edit_token, by=by, at=at)
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.save()
        draft.slots.all().delete()
        for position, question in enumerate(questions, 1):
            QuizSlot.objects.create(version=draft, position=position, question=question)
        for position, pool in enumerate(pools, len(questions) + 1):
            QuizSlot.objects.create(version=draft, position=position, **pool)
    return draft


def edit_quiz(quiz, questions, *, at=LATER, **fields):
    """A new version of the quiz, published over the old one."""
    draft = authoring.start_quiz_draft(quiz, by=None, at=at)
    fill_quiz(draft, questions, at=at, **fields)
    authoring.publish_quiz(draft, by=None, at=at)
    return draft


def make_check(question=None, *, passage=PASSAGE, publish=True, at=AT, **content):
    """A question at the end of a section. `content` goes to make_question."""
    question = question or make_question(passage=passage, at=at, **content)
    slug, _, key = passage.partition("#")
    check = Quiz.objects.create(
        slug=f"check-{question.slug}",
        purpose=Purpose.SECTION_CHECK,
        article=Article.objects.get(slug=slug),
        passage_key=key,
    )
    draft = authoring.start_quiz_draft(check, by=None, at=at)
    fill_quiz(draft, [question], at=at, title="Check your understanding")
    if publish:
        authoring.publish_quiz(draft, by=None, at=at)
    return check


def retract(key="slamon2001", *, status="retracted", at=AT + dt.timedelta(days=1)):
    """Say that a source does not hold, between what happens at AT and at LATER."""
    set_status(status, key=key, note="The Journal, 2026.", at=at)


def make_correction(question, *, reason="A newer trial says so.", at=AT, **fields):
    """That the key of a question was corrected; who gets which mark now is not done here."""
    version = live_version(question)
    return KeyCorrection.objects.create(
        question_version=version,
        old_scoring=version.scoring,
        new_scoring=version.scoring,
        reason=reason,
        evidence=make_reference(),
        state="applied",
        decided_at=at,
        **fields,
    )


def live_version(question):
    return QuestionVersion.objects.newest_published().get(question=question)


def current(quiz):
    """The version of a quiz that new attempts get."""
    return quiz.versions.current().get()


# --- Learners, by the moves ------------------------------------------------------------------

GUEST = Taker(guest_key="a" * 32)
OTHER_GUEST = Taker(guest_key="b" * 32)


def begin(quiz, *, taker=GUEST, at=AT, **options):
    return starting.start(current(quiz), taker=taker, at=at, **options)


def tokens(version, *texts):
    """The form values of these options; "I am not sure" has one of its own."""
    known = dict(version.options.values_list("text", "token"))
    return ["unsure" if text == UNSURE else known[text] for text in texts]


def stored(slot, *texts):
    """An answer as it is stored. Matching: "row: what it belongs to"."""
    version = slot.question_version
    if version.kind == "number":
        return list(texts)
    if version.kind == "sentence":
        known = {text: token for token, text in sentences_of(slot.passage).items()}
        return [known.get(text, "unsure") for text in texts]
    if version.kind == "matching":
        rows = [text.split(": ") for text in texts]
        pairs = [(tokens(version, row)[0], choice_token(match)) for row, match in rows]
        return sorted(":".join(pair) for pair in pairs)
    found = tokens(version, *texts)
    return found if version.kind == "ordering" else sorted(found)


def give(attempt, position, *texts, at=AT, step=None, certainty=None):
    """Answer a question of an attempt with the options that read so."""
    slot = attempt.slots.get(position=position)
    standing = standing_of(attempt.id, position)
    return answering.answer(
        standing,
        step=slot.next_step if step is None else step,
        chosen=stored(slot, *texts),
        at=at,
        certainty=certainty,
    )


def leave(attempt, position, *, at=AT, step=None):
    """Skip a question of an attempt."""
    standing = standing_of(attempt.id, position)
    step = standing.step if step is None else step
    answering.skip(standing, step=step, at=at)


def take(quiz, *answers, taker=GUEST, at=AT, certainty=None, **options):
    """Start anew and answer the questions in their order; the attempt as it is then."""
    attempt = begin(quiz, taker=taker, at=at, again=True, **options)
    for position, text in enumerate(answers, 1):
        give(attempt, position, text, at=at, certainty=certainty)
    attempt.refresh_from_db()
    return attempt


def mark_of(attempt, position):
    """The thousandths in force; None without an answer."""
    score = attempt.slots.get(position=position).scores.first()
    return score.thousandths if score else None


# --- Learners, by the pages ------------------------------------------------------------------


def learner(**headers):
    """A browser: it says that its forms come from this site."""
    return Client(headers={"sec-fetch-site": "same-origin", **headers})


def url_of(quiz, page=""):
    return f"/quizzes/{quiz.slug}/{page}"


def start(client, quiz, **data):
    """Press "Start the quiz"; returns the address of the question that follows."""
    return client.post(url_of(quiz), data).headers["Location"]


# An answer to each kind as its form sends it, right and wrong, by label: see `filled`.
RIGHT = {
    "single": ["A protein"],
    "several": ["Heart", "Lungs"],
    "true_false": ["False"],
    "matching": {
        "Trastuzumab": "An antibody",
        "Tucatinib": "A tablet",
        "Pertuzumab": "An antibody",
    },
    "ordering": {"Test": "1", "Treat": "2", "Check": "3"},
    "number": "15",
    "sentence": ["It can tell the cell to grow."],
}
WRONG = {
    "single": ["A virus"],
    "several": ["Hair"],
    "true_false": ["True"],
    "matching": {
        "Trastuzumab": "A tablet",
        "Tucatinib": "An antibody",
        "Pertuzumab": "A tablet",
    },
    "ordering": {"Test": "2", "Treat": "3", "Check": "1"},
    "number": "85",
    "sentence": ["HER2 is a receptor."],
}


def answer(client, url, *labels, **data):
    """Open a question, choose by label and press "Check my answer"."""
    screen = read(client.get(url))
    return client.post(url, filled(screen, *labels) | data)


def filled(screen, *labels):
    """What the browser sends when these labels of the only question are chosen.

    One dictionary instead: what is chosen in each line. One text without options: a number.
    """
    sent = {**screen.hidden, "check": "1"}
    if labels and isinstance(labels[0], dict):
        lines = screen.selects
        return sent | {
            lines[row].name: lines[row].options[choice]
            for row, choice in labels[0].items()
        }
    if screen.texts:
        return sent | {screen.texts[0]: labels[0]}
    chosen = [screen.question.options[label] for label in labels]
    return sent | {screen.question.name: chosen}


def skip(client, url):
    """Open a question and press "Skip this question"."""
    return client.post(url, {**read(client.get(url)).hidden, "skip": "1"})


def step_url(url, position):
    """The same attempt's address of another question."""
    return f"{url.rsplit('/', 2)[0]}/{position}/"


def result_url(url):
    return f"{url.rsplit('/', 2)[0]}/result/"
