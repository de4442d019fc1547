"""Queries and time of the desk and the lists of the admin, with few rows and with very many.

    .venv/bin/python benchmarks/desk.py [postgres://user@host/empty_database]

Fills an empty database with 10 articles and 100 attempts and asks each page, then with 10,000
articles and 100,000 attempts and asks again. The number of queries must stay the same; the
times are of this machine, beside a page that does nothing (`/healthz`) in the same run.
"""

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FEW, MANY = (10, 100), (10_000, 100_000)
ROUNDS = 5
sys.path.insert(0, str(ROOT))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        if len(sys.argv) > 1:
            os.environ["DATABASE_URL"] = sys.argv[1]
        os.environ["DJANGO_SETTINGS_MODULE"] = "her2site.settings"
        import django  # noqa: PLC0415 - the settings have to be chosen first

        django.setup()
        measure()


def measure() -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    quiz, client = make_ground()
    few = {}
    for number, (articles, attempts) in enumerate((FEW, MANY)):
        fill(articles, attempts, quiz=quiz, start=number * FEW[0])
        connection.cursor().execute("ANALYZE")
        found = {url: ask(client, url) for url in pages()}
        hello = found["/healthz"][1]
        print(f"\n{articles:,} articles, {attempts:,} attempts")
        for url, (queries, seconds) in found.items():
            changed = "" if queries == few.get(url, queries) else "  NOT CONSTANT"
            ratio = f"{seconds / hello:7.1f} ×  {seconds * 1000:8.1f} ms"
            print(f"  {url:<44} {queries:3} queries  {ratio}{changed}")
        few = few or {url: queries for url, (queries, _) in found.items()}


def pages() -> list[str]:
    from django.contrib import admin  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    lists = [
        reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist")  # noqa: SLF001
        for m in admin.site._registry  # noqa: SLF001 - Django's names for them
    ]
    return ["/healthz", "/admin/", *lists]


def ask(client, url: str) -> tuple[int, float]:
    """The number of queries, and the median time of a few rounds after a first one."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    times = []
    for _ in range(ROUNDS + 1):
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            response = client.get(url)
            times.append(time.perf_counter() - began)
        if response.status_code != 200:
            sys.exit(f"{url} answered {response.status_code}")
    return len(captured), statistics.median(times[1:])


def make_ground():
    """A publisher who has signed in, a topic and a quiz."""
    from django.contrib.auth.models import Group  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from articles.models import Topic  # noqa: PLC0415
    from her2site.models import User  # noqa: PLC0415
    from quizzes.models import Quiz, QuizVersion  # noqa: PLC0415

    Topic.objects.create(name="Treatment", slug="treatment")
    user = User.objects.create_user("pia@example.org", "x", name="Pia", is_staff=True)
    user.groups.set(Group.objects.all())
    user.is_superuser = True
    user.save()
    client = Client()
    client.force_login(user)
    quiz = Quiz.objects.create(slug="basics")
    version = QuizVersion.objects.create(quiz=quiz, number=1, title="Basics")
    return version, client


def fill(articles: int, attempts: int, *, quiz, start: int) -> None:
    """Rows as the moves would leave them, without the time that these take."""
    from django.db.models import QuerySet  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from articles.models import Article, ArticleVersion, Passage, Topic  # noqa: PLC0415
    from quizzes.models import Attempt  # noqa: PLC0415

    now, topic = timezone.now(), Topic.objects.get()
    names = [f"page-{number}" for number in range(start, start + articles)]
    pages = Article.objects.bulk_create(
        Article(slug=name, topic=topic, review_every_months=12) for name in names
    )
    versions = QuerySet(ArticleVersion).bulk_create(
        ArticleVersion(
            article=page,
            number=1,
            status="published",
            title=f"About {page.slug}",
            summary="What it is.",
            key_points="It is.",
            written_by="Asa Ek, nurse",
            html="<p>It is.</p>",
            content_hash="a" * 64,
            live_from=now - dt.timedelta(days=number % 700 + 1),
            published_at=now,
        )
        for number, page in enumerate(pages)
    )
    QuerySet(Passage).bulk_create(
        Passage(version=version, key="it", heading="It", body="It is.", text_hash="b")
        for version in versions
    )
    QuerySet(ArticleVersion).bulk_create(
        ArticleVersion(article=page, number=2, title="Again", summary="It is.")
        for page in pages[: articles // 10]
    )
    Attempt.objects.bulk_create(
        Attempt(
            quiz_version=quiz, quiz=quiz.quiz, guest_key=f"{start}-{n}", started_at=now
        )
        for n in range(attempts)
    )


if __name__ == "__main__":
    main()
