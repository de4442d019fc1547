"""The door for a web server: gunicorn loads `application` from here.

A wrong setting raises here, and gunicorn gives up. (A `sys.exit` would look to it like a worker
that has done its work, and it would start the next one, for ever.)
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "her2site.settings")

application = get_wsgi_application()
