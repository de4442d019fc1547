# The hosted form: docs/deployment.md says how to run it.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /srv/her2site
COPY requirements.txt .
RUN pip install -q -r requirements.txt

COPY . .
# STATIC_ROOT lies in the image and DATA_DIR in a volume: new code brings its own static files.
ENV DATA_DIR=/data STATIC_ROOT=/srv/static BIND=0.0.0.0:8000
RUN useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin site \
    && install -d -o site -g site /data \
    && SECRET_KEY=only-to-collect-static-files-and-not-kept-in-the-image-0000 ALLOWED_HOSTS=localhost \
       python manage.py collectstatic --noinput --verbosity 0

USER site
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "-c", "python:her2site.gunicorn", "her2site.wsgi"]
