"""The list of outside links: what is in it, what each answered, and who sees it."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles import linking
from articles.models import Article, LinkTarget, LinkUse
from articles.probes import Answer, Caller, Verdict
from articles.tests.desk_forms import address, staff_client, text
from articles.tests.factories import (
    AT,
    live,
    make_article,
    make_draft,
    make_reference,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/linktarget/"
BODY = "HER2 is a protein [@slamon2001]. See [this](https://one.example/)."
WORKS = Answer(Verdict.WORKS, "200 OK")
GONE = Answer(Verdict.FAILED, "404 Not Found")
GUARDED = Answer(Verdict.DOUBTFUL, "403 Forbidden")


def collect(at=AT):
    return sorted(target.url for target in linking.collect(at=at))


def article(body=BODY, slug="her2", **fields):
    return make_article(slug, passages={"what": body}, **fields)


@pytest.fixture
def target():
    article()
    (found,) = linking.collect(at=AT)
    return found


def record(target, *answers):
    for answer in answers:
        target.refresh_from_db()
        assert linking.record(target, answer, at=timezone.now())
    target.refresh_from_db()
    return target


class TestTheList:
    def test_holds_the_links_of_live_pages_and_of_the_sources_they_cite(self):
        make_reference("slamon2001", URL="https://two.example/", DOI="10.1000/x")
        article()
        assert collect() == [
            "https://doi.org/10.1000/x",
            "https://one.example/",
            "https://two.example/",
        ]

    def test_holds_nothing_of_drafts_and_of_sources_that_no_page_cites(self):
        make_reference("unused", URL="https://two.example/")
        make_draft(article(), passages={"what": "[x](https://three.example/)"})
        assert collect() == ["https://one.example/"]

    def test_holds_an_address_once_with_every_place(self):
        article()
        article(slug="other")
        linking.collect(at=AT)
        assert (LinkTarget.objects.count(), LinkUse.objects.count()) == (1, 2)

    def test_follows_what_readers_see(self, target):
        body = "It is [@slamon2001]. See [that](https://two.example/)."
        make_version(Article.objects.get(), passages={"what": body}, at=timezone.now())
        assert collect(at=timezone.now()) == ["https://two.example/"]

    def test_keeps_what_was_found_before(self, target):
        record(target, GONE)
        linking.collect(at=AT)
        assert LinkTarget.objects.get().failures == 1

    def test_leaves_out_an_address_that_is_too_long(self):
        long = "https://one.example/" + "x" * 2000
        article(body=f"It is [@slamon2001]. [x]({long})")
        assert collect() == []


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("answers", "health", "failures"),
        [
            ([WORKS], "works", 0),
            ([GONE], "doubtful", 1),
            ([GONE, GONE], "broken", 2),
            ([GONE, WORKS, GONE], "doubtful", 1),
            ([GONE, GONE, WORKS], "works", 0),
            ([GUARDED, GUARDED, GUARDED], "doubtful", 0),
            ([GONE, GUARDED, GONE], "broken", 2),
            ([GONE, GONE, GUARDED], "broken", 2),
        ],
    )
    def test_counts_only_when_it_failed_and_clears_when_it_works(
        self, target, answers, health, failures
    ):
        record(target, *answers)
        assert (target.health, target.failures) == (health, failures)
        assert target.found.startswith(answers[-1].words)

    def test_that_failed_once_says_so(self, target):
        assert (
            record(target, GONE).found == "404 Not Found (once so far, and asked again)"
        )
        assert record(target, GONE).found == "404 Not Found"

    def test_never_counts_beyond_its_column(self, target):
        LinkTarget.objects.update(failures=1000, health="broken")
        assert record(target, GONE).failures == 1000

    def test_is_dropped_when_another_run_was_faster(self, target):
        record(LinkTarget.objects.get(), WORKS)
        assert not linking.record(target, GONE, at=AT)
        assert LinkTarget.objects.get().health == "works"


class TestTheCommand:
    def run(self, capsys, **rules):
        rules = {"is_allowed": lambda ip: True, "wait": lambda _: None, **rules}
        call_command("check_links", caller=Caller("test", **rules))
        return capsys.readouterr().out

    def test_asks_each_address_and_says_how_far_it_is(self, url, capsys):
        article(body=f"It is [@slamon2001]. [a]({url}/200) [b]({url}/404)")
        said = self.run(capsys)
        assert f"2 of 2: {url}/404: 404 Not Found" in said
        assert "1 works, 1 could not be checked." in said
        assert "1 works, 1 broken." in self.run(capsys)

    def test_has_nothing_to_do_on_a_site_without_links(self, capsys):
        assert self.run(capsys) == "No outside links.\n"

    def test_names_the_site_and_reaches_no_network_of_our_own(
        self,
        server,
        url,
        capsys,
    ):
        article(body=f"It is [@slamon2001]. [a]({url}/200)")
        call_command("check_links")
        assert "It leads into a network that is not public." in capsys.readouterr().out
        assert server.asked == []


class TestTheScreen:
    @pytest.fixture
    def publisher(self):
        return staff_client(make_user("pia@example.org", groups=["Publisher"]))

    def test_shows_how_each_link_is_and_where_it_stands(self, publisher, target):
        record(target, GONE, GONE)
        page = text(publisher.get(LIST))
        version = live(Article.objects.get())
        assert "<h1>Outside links</h1>" in page
        assert 'class="field-health">broken</td>' in page
        assert "404 Not Found" in page
        assert f'<a href="{address(version)}">About her2: What</a>' in page

    def test_names_the_source_in_which_a_link_stands(self, publisher):
        row = make_reference("slamon2001", URL="https://two.example/")
        make_article()
        linking.collect(at=AT)
        place = f'<a href="{address(row)}">@slamon2001</a>'
        assert place in text(publisher.get(LIST))
        assert place in text(publisher.get(address(LinkTarget.objects.get())))

    def test_can_be_narrowed_to_the_broken_ones(self, publisher, target):
        assert "one.example" in text(publisher.get(f"{LIST}?health__exact=unknown"))
        assert "one.example" not in text(publisher.get(f"{LIST}?health__exact=broken"))

    def test_asks_nobody_and_changes_nothing(self, publisher, target):
        publisher.get(LIST)
        publisher.get(address(target))
        target.refresh_from_db()
        assert (target.health, target.checked_at) == ("unknown", None)
        assert publisher.get(f"{LIST}add/").status_code == 403
        assert publisher.post(address(target), {}).status_code == 403
        assert publisher.get(address(target, "delete")).status_code == 403

    def test_needs_no_more_queries_for_more_links(
        self, publisher, target, django_assert_max_num_queries
    ):
        def count():
            with django_assert_max_num_queries(50) as asked:
                publisher.get(LIST)
            return len(asked.captured_queries)

        before = count()
        links = " ".join(f"[x](https://{n}.example/)" for n in range(20))
        article(body=f"It is [@slamon2001]. {links}", slug="many")
        linking.collect(at=AT)
        assert count() == before

    def test_shows_a_hostile_address_as_letters(self, publisher):
        make_reference(
            "slamon2001", URL="https://one.example/<script>alert(1)</script>"
        )
        make_article()
        linking.collect(at=AT)
        assert "<script>alert" not in text(publisher.get(LIST))

    def test_is_not_for_reviewers(self):
        reviewer = staff_client(
            make_user("r@example.org", groups=["Clinical reviewer"])
        )
        assert reviewer.get(LIST).status_code == 403
