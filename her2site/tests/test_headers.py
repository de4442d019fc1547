"""The headers of every answer, also of refusals, and requests that cannot be read."""

import pytest
from django.test import Client, RequestFactory

from her2site.middleware import HEADERS
from her2site.wsgi import application
from quizzes.tests.factories import learner, make_quiz, result_url, start

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
ALWAYS = {*HEADERS, "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"}
ADDRESSES = ["/", "/account/login/", "/quizzes/", "/help/", "/nowhere/"]
FONT = "atkinson-hyperlegible-next.woff2"


def missing(response, wanted=ALWAYS):
    return sorted(name for name in wanted if name not in response.headers)


class TestTheHeaders:
    @pytest.mark.parametrize(
        ("url", "status"),
        [
            ("/", 200),
            ("/nowhere/", 404),
            ("/admin/", 302),
            ("/help", 301),
            ("/static/img/favicon.svg", 200),
            ("/static/css/nothing.css", 404),
        ],
    )
    def test_are_on_every_answer(self, client, url, status):
        response = client.get(url)
        response.close()
        assert (response.status_code, missing(response)) == (status, [])

    @pytest.mark.parametrize("name", ["css/site.css", "js/site.js", f"fonts/{FONT}"])
    def test_for_documents_are_not_on_what_a_page_uses(self, client, name):
        response = client.get(f"/static/{name}")
        response.close()
        assert missing(response) == ["Content-Security-Policy", "Permissions-Policy"]

    @pytest.mark.parametrize("url", ["/healthz", "/readyz"])
    def test_are_on_what_machines_watch(self, client, url):
        assert missing(client.get(url), HEADERS) == []

    def test_are_on_the_redirect_to_https(self, client, settings):
        settings.SECURE_SSL_REDIRECT = True
        response = client.get("/")
        assert response.status_code == 301
        assert missing(response) == []

    @pytest.mark.parametrize("redirect", [False, True])
    def test_are_on_the_refusal_of_another_host_name(self, client, settings, redirect):
        settings.SECURE_SSL_REDIRECT = redirect
        response = client.get("/", headers={"host": "elsewhere.example"})
        assert response.status_code == 400
        assert missing(response, HEADERS) == []


class TestARefusal:
    def test_of_an_attempt_of_somebody_else_is_never_kept(self):
        url = start(learner(), make_quiz(questions=1))
        for page in (url, f"{url}feedback/", result_url(url)):
            response = Client().get(page)
            assert response.status_code == 404
            assert response.headers["Cache-Control"] == "no-store"

    def test_keeps_what_the_page_itself_says_of_it(self, client):
        assert "no-store" not in client.get("/").headers.get("Cache-Control", "")


class TestAnEncoding:
    @pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
    def test_that_is_utf_8_is_read(self, client, charset):
        kind = f"{FORM}; charset={charset}"
        response = client.post("/account/login/", b"username=a", content_type=kind)
        assert response.status_code == 200

    @pytest.mark.parametrize("charset", ["idna", "utf-16", "hex", "latin-1", "none"])
    @pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
    @pytest.mark.parametrize("url", ADDRESSES)
    def test_of_its_own_is_a_bad_request(self, client, url, method, charset):
        kind = f"{FORM}; charset={charset}"
        response = client.generic(method, url, b"a=1", content_type=kind)
        assert response.status_code == 400
        assert "we could not read that" in response.content.decode()
        assert missing(response) == []

    def test_is_asked_for_before_the_token_of_a_form(self):
        client = Client(enforce_csrf_checks=True)
        kind = f"{FORM}; charset=idna"
        response = client.post("/account/login/", b"a=1", content_type=kind)
        assert response.status_code == 400


class TestAContentTypeOnWhichDjangoBreaks:
    """Through the door of the web server: here it breaks before the first middleware."""

    def answer(self, content_type):
        environ = RequestFactory()._base_environ(
            REQUEST_METHOD="POST",
            PATH_INFO="/account/login/",
            QUERY_STRING="next=%C3",
            CONTENT_TYPE=content_type,
        )
        started = {}

        def start_response(status, headers, *_):
            started.update(status=status, headers=dict(headers))

        b"".join(application(environ, start_response))
        return started

    @pytest.mark.parametrize(
        "content_type",
        [
            "text/plain; charset*=made-up''a%20b",
            "multipart/form-data; boundary*=idna''a%20b",
            "text/plain; charset=idna",
            "text/plain; charset=hex",
        ],
    )
    def test_is_a_bad_request_with_all_headers(self, content_type):
        found = self.answer(content_type)
        assert found["status"] == "400 Bad Request"
        assert sorted(ALWAYS - found["headers"].keys()) == []

    def test_is_told_apart_from_one_that_can_be_read(self):
        assert self.answer(FORM)["status"] == "403 Forbidden"


class TestStaticFiles:
    @pytest.mark.parametrize(
        "path", ["../her2site/settings.py", "..%2fmanage.py", "/etc/passwd"]
    )
    def test_lead_nowhere_outside_their_folders(self, settings, tmp_path, path):
        settings.WHITENOISE_AUTOREFRESH = False
        settings.STATIC_ROOT = tmp_path
        assert Client().get(f"/static/{path}").status_code == 404
