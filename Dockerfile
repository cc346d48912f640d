# The portal in production: docker-compose.yml builds the targets `portal` and `proxy`.

FROM node:24-slim AS front
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev


FROM python:3.13-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/srv/venv/bin:$PATH
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fontconfig libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /srv/portal --shell /usr/sbin/nologin portal


FROM base AS built
RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /srv/venv
COPY requirements.txt /tmp/
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r /tmp/requirements.txt \
    && pip check
WORKDIR /srv/portal
COPY . .
COPY --from=front /src/node_modules node_modules
# The settings ask for these; nothing connects while files are collected and texts compiled.
RUN export SECRET_KEY=build DATABASE_URL=postgres://build@localhost/build \
        REDIS_URL=redis://localhost STATIC_ROOT=/srv/static VAR_DIR=/tmp/var \
    && python manage.py compilemessages --ignore=node_modules \
    && python manage.py collectstatic --noinput \
    && python -m compileall -q /srv/portal /srv/venv


FROM base AS portal
COPY --from=built /srv/venv /srv/venv
COPY --from=built /srv/portal /srv/portal
COPY --from=built /srv/static /srv/static
# Fontconfig writes its cache where the program may write.
ENV STATIC_ROOT=/srv/static VAR_DIR=/srv/var XDG_CACHE_HOME=/tmp
RUN install -d -o portal -g portal -m 0750 /srv/var
WORKDIR /srv/portal
USER portal
VOLUME /srv/var
EXPOSE 8000
CMD ["gunicorn", "mfv_portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread"]


FROM nginx:1.29-alpine AS proxy
COPY deploy/nginx/portal.conf /etc/nginx/conf.d/default.conf
COPY --from=built /srv/static /srv/static
