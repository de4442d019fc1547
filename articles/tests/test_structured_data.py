"""What a page says of itself to machines: true, and unable to break the page."""

import datetime as dt
import json
import re

import pytest

from articles import rendering
from articles.models import Article, HiddenPassage, SignOffKind
from articles.structured_data import PageFacts, Reviewer, as_html, medical_web_page
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_reference,
    make_sign_off,
    make_version,
)

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
DAY = dt.date(2025, 1, 6)
FACTS = PageFacts(
    url="https://learn.example.org/articles/her2/",
    name="About HER2",
    description="What it is.",
    topic="Basics",
    published_on=DAY,
    modified_on=DAY,
    reviewed_on=None,
    reviewers=(),
    sources=(),
)


def text(client, slug="her2"):
    return client.get(f"/articles/{slug}/").content.decode()


def block(client, slug="her2"):
    (found,) = BLOCK.findall(text(client, slug))
    return json.loads(found)


class TestThePage:
    def test_is_a_medical_web_page_with_its_days_and_readers(self):
        page = medical_web_page(FACTS)
        assert page["@type"] == "MedicalWebPage"
        assert page["datePublished"] == page["dateModified"] == "2025-01-06"
        assert [audience["audienceType"] for audience in page["medicalAudience"]] == [
            "Patient",
            "Caregiver",
            "Clinician",
        ]

    def test_claims_no_review_and_no_sources_without_any(self):
        claims = {"lastReviewed", "reviewedBy", "citation"}
        assert not claims & medical_web_page(FACTS).keys()

    def test_names_who_reviewed_it_and_when(self):
        facts = {"reviewed_on": DAY, "reviewers": (Reviewer("Bo Lind", "oncologist"),)}
        page = medical_web_page(PageFacts(**{**vars(FACTS), **facts}))
        assert page["lastReviewed"] == "2025-01-06"
        assert page["reviewedBy"] == [
            {"@type": "Person", "name": "Bo Lind", "jobTitle": "oncologist"}
        ]

    def test_names_sources_by_address_or_else_by_title(self):
        sources = (
            {"title": "A", "DOI": "10.1000/a", "URL": "https://b.example"},
            {"title": "B", "URL": "https://b.example"},
            {"title": "C"},
        )
        page = medical_web_page(PageFacts(**{**vars(FACTS), "sources": sources}))
        assert page["citation"] == [
            "https://doi.org/10.1000/a",
            "https://b.example",
            "C",
        ]

    def test_cannot_end_its_element(self):
        title = "</script><script>alert(1)</script> & <!--"
        html = as_html({"name": title})
        assert not set("<>&") & set(html)
        assert json.loads(html) == {"name": title}


@pytest.mark.django_db
class TestAnArticle:
    def test_says_what_it_is(self, client, settings):
        settings.SITE_ADDRESS = "https://learn.example.org"
        make_article(title="About HER2")
        found = block(client)
        assert found["name"] == "About HER2"
        assert found["url"] == "https://learn.example.org/articles/her2/"
        assert found["datePublished"] == "2025-01-06"
        assert found["citation"] == ["A trial by slamon2001"]

    def test_has_one_address_whatever_it_was_asked_by(self, client, settings):
        settings.SITE_ADDRESS = "https://learn.example.org"
        make_article()
        shown = client.get("/articles/her2/?from=x", HTTP_HOST="localhost").content
        address = "https://learn.example.org/articles/her2/"
        assert f'<link rel="canonical" href="{address}">' in shown.decode()
        assert f'<meta property="og:url" content="{address}">' in shown.decode()

    def test_leads_to_the_feed_as_every_page_does(self, client):
        make_article()
        link = '<link rel="alternate" href="/feed/" type="application/atom+xml"'
        assert link in text(client)
        assert link in client.get("/").content.decode()

    def test_keeps_a_title_inside_of_its_element(self, client):
        make_article(title="A & B </script>")
        assert block(client)["name"] == "A & B </script>"
        assert 'property="og:title" content="A &amp; B &lt;/script&gt;"' in text(client)

    def test_names_the_clinician_who_signed_it(self, client):
        version = live(make_article())
        make_sign_off(version, at=AT)
        found = block(client)
        assert found["lastReviewed"] == "2025-01-06"
        assert [person["name"] for person in found["reviewedBy"]] == ["Bo Lind"]

    def test_names_no_reviewer_who_is_not_a_clinician(self, client):
        make_sign_off(live(make_article()), kind=SignOffKind.PLAIN_LANGUAGE)
        assert not {"lastReviewed", "reviewedBy"} & block(client).keys()

    def test_says_when_it_was_found_to_be_still_right(self, client):
        make_article()
        Article.objects.update(last_reviewed_on=dt.date(2025, 3, 1))
        found = block(client)
        assert found["lastReviewed"] == "2025-03-01"
        assert "reviewedBy" not in found

    def test_changed_when_its_content_did(self, client):
        article = make_article()
        later, last = AT + dt.timedelta(days=7), AT + dt.timedelta(days=9)
        make_version(article, at=later, change_kind="material", summary="Another.")
        make_version(article, at=last, change_kind="editorial", summary="Some other.")
        found = block(client)
        assert found["datePublished"] == "2025-01-06"
        assert found["dateModified"] == "2025-01-13"

    def test_does_not_name_what_only_a_hidden_passage_cites(self, client):
        make_reference("zebrafish")
        article = make_article(passages={"a": BODY, "b": "Fish [@zebrafish]."})
        assert "A trial by zebrafish" in block(client)["citation"]
        HiddenPassage.objects.create(article=article, key="b", reason="Wrong.")
        rendering.touch([article.pk])
        assert block(client)["citation"] == ["A trial by slamon2001"]
