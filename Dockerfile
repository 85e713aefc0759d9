# The production image: web, worker, clock and the one-shot migration differ only by their command.

FROM node:22-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements/base.txt requirements/
RUN pip install --require-hashes -r requirements/base.txt
COPY --from=assets /app/node_modules node_modules
COPY . .
# Collecting static files takes settings, and settings take these; nothing here is kept or connects.
RUN DATABASE_URL=postgresql:///build REDIS_URL=redis:// PARS_LOCAL=/tmp PARS_SECRET_KEY=build \
    PARS_FIELD_KEY=$(printf '0%.0s' $(seq 128)) python manage.py collectstatic --no-input
RUN useradd --system --uid 10001 pars && install -d -o pars /var/lib/pars
USER pars
EXPOSE 8000
