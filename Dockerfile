# Two images are thrown away, one is kept: the style sheet, the Python packages, the product.

FROM python:3.11-slim-bookworm AS assets
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Makefile requirements-build.txt ./
COPY frontend ./frontend
RUN make assets


FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt


FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1
RUN groupadd --system --gid 10001 tracker \
    && useradd --system --uid 10001 --gid tracker --home-dir /srv/tracker --shell /usr/sbin/nologin tracker
WORKDIR /srv/tracker
COPY --from=packages /opt/venv /opt/venv
COPY manage.py pyproject.toml ./
COPY config ./config
COPY core ./core
COPY providers ./providers
COPY grants ./grants
COPY reports ./reports
COPY demo ./demo
COPY templates ./templates
COPY --from=assets /src/static ./static
# Only to gather the static files: neither a key nor an address from here is in the image.
RUN MODE=production SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(64))") \
    ALLOWED_HOSTS=localhost SITE_URL=https://localhost DATABASE_URL=sqlite://:memory: REDIS_URL=redis://localhost:6379/0 \
    EMAIL_URL=smtp://localhost \
    python manage.py collectstatic --noinput \
    && python -m compileall -q config core providers grants reports demo

USER tracker
EXPOSE 8000
# It asks by the first of the allowed host names: any other would be refused.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"]
CMD ["gunicorn", "config.wsgi:application", "--bind=0.0.0.0:8000", "--workers=3", "--worker-tmp-dir=/dev/shm", \
     "--no-control-socket", "--max-requests=2000", "--max-requests-jitter=200", "--access-logfile=/dev/null"]
