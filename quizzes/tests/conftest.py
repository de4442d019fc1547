"""What holds for all tests of quizzes."""

import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def no_kept_pages():
    """Pages kept by ETag: two tests can make articles with the same ids at one moment."""
    caches["pages"].clear()
