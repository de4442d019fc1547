"""What several of these tests ask for."""

import contextlib
import sys
import time

import pytest
from django.core.cache import caches

from articles.tests.desk_forms import staff_client
from articles.tests.factories import make_user
from articles.tests.local_server import server, url  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def no_kept_pages():
    """Tests count rows anew and set the clock back, so that two pages can have one ETag."""
    caches["pages"].clear()


@pytest.fixture
def author():
    return staff_client(make_user("ana@example.org", name="Ana", groups=["Author"]))


@pytest.fixture
def publisher():
    return staff_client(make_user("pia@example.org", name="Pia", groups=["Publisher"]))


@pytest.fixture
def reviewer():
    user = make_user("rut@example.org", name="Rut", groups=["Clinical reviewer"])
    return staff_client(user)


@pytest.fixture
def within_a_second():
    """A context that fails when the work in it takes longer, whatever the machine does else.

    Measuring coverage makes all work several times slower.
    """
    most = 5 if sys.gettrace() else 1

    @contextlib.contextmanager
    def watch():
        start = time.process_time()
        yield
        assert time.process_time() - start < most

    return watch
