"""Ask addresses, against a real server on this very machine."""

import datetime as dt
import socket
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from articles.addresses import addresses_in, addresses_of, is_public
from articles.probes import Caller, Verdict, ask

NAME = "her2site-link-check/1.0 (checks the links of learn.example.org)"


def caller(**rules):
    """One that may reach this machine, and does not really wait."""
    rules = {"is_allowed": lambda ip: True, "wait": lambda _: None, **rules}
    return Caller(NAME, **rules)


class TestAnAddress:
    def test_that_answers_works(self, url, server):
        answer = ask(f"{url}/200", caller=caller())
        assert (answer.verdict, answer.words) == (Verdict.WORKS, "200 OK")
        assert [method for method, *_ in server.asked] == ["HEAD"]

    def test_that_refuses_head_is_asked_by_get(self, url, server):
        answer = ask(f"{url}/no-head", caller=caller())
        assert answer.verdict == Verdict.WORKS
        assert [method for method, *_ in server.asked] == ["HEAD", "GET"]

    @pytest.mark.parametrize("status", [404, 410])
    def test_that_is_gone_has_failed(self, url, status):
        assert ask(f"{url}/{status}", caller=caller()).verdict == Verdict.FAILED

    @pytest.mark.parametrize("status", [401, 403, 405, 500, 503, 599])
    def test_that_is_guarded_or_out_of_order_is_doubtful(self, url, status):
        answer = ask(f"{url}/{status}", caller=caller())
        assert (answer.verdict, answer.words[:3]) == (Verdict.DOUBTFUL, str(status))

    def test_that_is_busy_is_not_asked_again(self, url, server):
        assert ask(f"{url}/busy", caller=caller()).verdict == Verdict.DOUBTFUL
        assert len(server.asked) == 1

    @pytest.mark.parametrize("path", ["silent", "slow"])
    def test_that_takes_too_long_is_doubtful(self, url, path):
        answer = ask(f"{url}/{path}", caller=caller(timeout=0.3))
        assert answer.verdict == Verdict.DOUBTFUL

    def test_that_answers_nonsense_is_doubtful(self, url):
        answer = ask(f"{url}/nonsense", caller=caller())
        assert answer.words == "It breaks off the connection."

    def test_of_a_server_that_is_off_is_doubtful(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        answer = ask(f"http://127.0.0.1:{port}/", caller=caller())
        assert answer.verdict == Verdict.DOUBTFUL

    def test_is_told_who_asks_and_gets_no_cookie(self, url, server):
        ask(f"{url}/200", caller=caller())
        ((_, _, headers),) = server.asked
        assert headers["User-Agent"] == NAME
        assert headers.keys() <= {
            "Host",
            "User-Agent",
            "Accept",
            "Connection",
            "Accept-Encoding",
        }

    def test_may_hold_letters_of_any_script(self, url, server):
        assert ask(f"{url}/200/é?ö=1 2", caller=caller()).verdict == Verdict.WORKS
        assert server.asked[0][1] == "/200/%C3%A9?%C3%B6=1%202"

    def test_has_its_body_left_unread(self, url, server):
        assert ask(f"{url}/endless", caller=caller()).verdict == Verdict.WORKS
        server.released.set()
        # What the two machines' buffers hold, and no more.
        assert server.sent < 20_000_000


class TestAnAddressThatIsPassedOn:
    def test_is_followed_to_its_end(self, url):
        answer = ask(f"{url}/to//to//200", caller=caller())
        assert answer.words == f"200 OK, at {url}/200"

    def test_has_failed_after_five_hops(self, url, server):
        answer = ask(f"{url}/round/", caller=caller())
        assert answer.words == "It is passed on more than 5 times."
        assert len(server.asked) == 6

    @pytest.mark.parametrize(
        "target", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://[", "ftp://x/"]
    )
    def test_to_what_is_no_web_page_has_failed(self, url, target):
        assert ask(f"{url}/to/{target}", caller=caller()).verdict == Verdict.FAILED

    def test_into_our_own_network_is_not_followed(self, url, server):
        """The first address is allowed, the second is looked at by itself."""
        inner = f"http://127.0.0.2:{server.server_port}/200"
        only_first = caller(is_allowed=lambda ip: ip == "127.0.0.1")
        answer = ask(f"{url}/to/{inner}", caller=only_first)
        assert answer.words == "It leads into a network that is not public."
        assert len(server.asked) == 1


class TestAnAddressInOurOwnNetwork:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ],
    )
    def test_is_never_asked(self, server, host):
        answer = ask(f"http://{host}:{server.server_port}/200", caller=Caller(NAME))
        assert answer.words == "It leads into a network that is not public."
        assert server.asked == []

    @pytest.mark.parametrize(
        "ip",
        [
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104 - an address to refuse
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "198.51.100.1",
            "::",
            "fe80::1",
            "fe80::1%1",
            "fc00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "2002:a00:1::",
            "64:ff9b::a00:1",
            "64:ff9b:1::808:808",
            "fec0::1",
            "::127.0.0.1",
            "::ffff:0:127.0.0.1",
            "192.0.0.8",
            "::ffff:192.0.0.8",
        ],
    )
    def test_is_known_by_its_number(self, ip):
        assert not is_public(ip)

    @pytest.mark.parametrize(
        "ip", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
    )
    def test_is_told_from_a_public_one(self, ip):
        assert is_public(ip)

    def test_is_not_asked_when_only_one_of_its_numbers_is_inside(self, server):
        mixed = Caller(NAME, resolve=lambda host, port: ["1.1.1.1", "127.0.0.1"])
        answer = ask(f"http://site.example:{server.server_port}/200", caller=mixed)
        assert answer.words == "It leads into a network that is not public."

    def test_is_not_reached_by_a_name_that_answers_otherwise_the_second_time(
        self, server
    ):
        asked = []

        def resolve(host, port):
            asked.append(host)
            return ["127.0.0.1"]

        rule = caller(resolve=resolve)
        answer = ask(f"http://site.example:{server.server_port}/200", caller=rule)
        assert answer.verdict == Verdict.WORKS
        assert asked == ["site.example"]
        assert server.asked[0][2]["Host"] == f"site.example:{server.server_port}"


class TestANameThatIsNone:
    @pytest.mark.parametrize(
        ("error", "verdict"),
        [
            (socket.gaierror(socket.EAI_NONAME, "x"), Verdict.FAILED),
            (socket.gaierror(socket.EAI_AGAIN, "x"), Verdict.DOUBTFUL),
            (UnicodeError(), Verdict.FAILED),
        ],
    )
    def test_has_failed_unless_nobody_could_look_it_up(self, error, verdict):
        def resolve(host, port):
            raise error

        answer = ask("http://nobody.example/", caller=Caller(NAME, resolve=resolve))
        assert answer.verdict == verdict

    def test_has_failed_when_it_has_no_number(self):
        rule = Caller(NAME, resolve=lambda host, port: [])
        assert ask("http://nobody.example/", caller=rule).verdict == Verdict.FAILED

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("ftp://site.example/", "This is not a web address."),
            ("http://", "This is not a web address."),
            ("http://a..b/", "This is not a web address."),
            ("http://site.example:99999/", "This is not a web address."),
            ("http://[x/", "This is not a web address."),
            ("http://me:secret@site.example/", "A name or a password stands in this address."),
        ],
    )  # fmt: skip
    def test_is_not_looked_up_at_all(self, address, words):
        def resolve(host, port):
            raise AssertionError

        assert ask(address, caller=Caller(NAME, resolve=resolve)).words == words


class TestAHost:
    def test_is_asked_at_most_once_in_a_second(self, url):
        waited = []
        rule = caller(wait=waited.append, clock=lambda: 100.0)
        ask(f"{url}/to//200", caller=rule)
        ask(f"{url}/200", caller=rule)
        assert waited == [1.0, 1.0]

    def test_is_asked_at_once_when_another_was_asked_before(self, url, server):
        waited = []
        rule = caller(wait=waited.append, resolve=lambda host, port: ["127.0.0.1"])
        for host in ("one.example", "two.example"):
            ask(f"http://{host}:{server.server_port}/200", caller=rule)
        assert waited == []

    def test_is_not_waited_for_when_a_second_has_gone(self, url):
        waited, moments = [], iter([100.0, 101.5, 101.5])
        rule = caller(wait=waited.append, clock=lambda: next(moments))
        ask(f"{url}/to//200", caller=rule)
        assert waited == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of site.example, signed by itself: (file with it and its key, whoever trusts it)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "site.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("site.example")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "site.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(server, certificate):
    """The server, now over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.handle_error = lambda *_: None
    return server


class TestASecureAddress:
    def rule(self, **rules):
        return caller(resolve=lambda host, port: ["127.0.0.1"], **rules)

    def test_works_with_a_certificate_of_its_name(self, secure, certificate):
        trust = ssl.create_default_context(cafile=certificate)
        address = f"https://site.example:{secure.server_port}/200"
        assert ask(address, caller=self.rule(trust=trust)).verdict == Verdict.WORKS

    def test_has_failed_with_a_certificate_of_another_name(self, secure, certificate):
        trust = ssl.create_default_context(cafile=certificate)
        address = f"https://other.example:{secure.server_port}/200"
        answer = ask(address, caller=self.rule(trust=trust))
        assert answer.words == "Its certificate is not valid."

    def test_has_failed_with_a_certificate_that_nobody_vouches_for(self, secure):
        address = f"https://site.example:{secure.server_port}/200"
        answer = ask(address, caller=self.rule())
        assert answer.words == "Its certificate is not valid."

    def test_that_speaks_no_tls_is_doubtful(self, server):
        server.handle_error = lambda *_: None
        address = f"https://site.example:{server.server_port}/200"
        assert ask(address, caller=self.rule()).verdict == Verdict.DOUBTFUL


class TestOutsideAddresses:
    def test_of_a_text_are_those_of_its_links_each_once(self):
        body = (
            "[One](https://one.example/a#part) and [again](https://one.example/a), "
            "[ours](/articles/her2/), [mail](mailto:a@b.example), "
            "`[code](https://code.example/)` and [two](HTTP://two.example)."
        )
        assert addresses_in(body) == ("https://one.example/a", "HTTP://two.example")

    def test_of_a_source_are_its_page_and_its_doi(self):
        csl = {"URL": "https://one.example/#x", "DOI": "10.1000/a<b>"}
        assert addresses_of(csl) == (
            "https://one.example/",
            "https://doi.org/10.1000/a<b>",
        )

    def test_of_a_source_without_any_are_none(self):
        assert addresses_of({"URL": "javascript:alert(1)"}) == ()
