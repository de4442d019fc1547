"""What several of these tests ask for."""

import contextlib
import sys
import time

import pytest
from django.core.cache import caches

from articles.tests.local_server import server, url  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def no_kept_pages():
    """Tests count rows anew and set the clock back, so that two pages can have one ETag."""
    caches["pages"].clear()


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
