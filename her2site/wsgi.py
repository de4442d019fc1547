"""The door for a web server: gunicorn loads `application` from here.

A wrong setting raises here, and gunicorn gives up. (A `sys.exit` would look to it like a worker
that has done its work, and it would start the next one, for ever.)
"""

import os
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse

from django.core.wsgi import get_wsgi_application

from her2site.middleware import can_be_read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "her2site.settings")

django_application = get_wsgi_application()
# Django makes a request of it, and the middleware answers with 400.
UNREADABLE = "text/plain; charset=unreadable"


def application(
    environ: dict[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    """Hand a request to Django, but not a content type on which it may break.

    It reads the address in that encoding while it makes the request, before the first
    middleware, so that the answer would be a bare 500.
    """
    if not can_be_read(environ.get("CONTENT_TYPE", "")):
        environ["CONTENT_TYPE"] = UNREADABLE
    return django_application(environ, start_response)
