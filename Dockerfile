# One image for web, worker, beat and the preparation. docker-compose.yml says which is which.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LOCAL_DIR=/data STATIC_DIR=/data/static EXPORTS_DIR=/data/exports
WORKDIR /app

RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin wsis \
    && install --directory --owner=wsis --group=wsis --mode=700 /data

COPY requirements/app.txt requirements/app.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/app.txt

COPY manage.py ./
COPY wsis wsis
COPY accounts accounts
COPY privacy privacy
COPY publication publication
COPY themes themes
COPY submissions submissions
COPY templates templates
COPY static static
COPY locale locale

USER wsis
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "python:wsis.gunicorn", "wsis.wsgi"]
