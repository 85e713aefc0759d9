"""The smallest application that the launcher can prepare, serve and start workers of: file name → text."""

FILES = {
    "pars/__init__.py": "",
    "manage.py": """
import os

import psycopg
from psycopg.sql import SQL, Identifier

with psycopg.connect(os.environ["DATABASE_URL"]) as database:
    database.execute(SQL("SET ROLE {}").format(Identifier(os.environ["PARS_DB_ROLE"])))
    database.execute("CREATE TABLE IF NOT EXISTS django_migrations (name text)")
    database.execute("INSERT INTO django_migrations VALUES ('first')")
""",
    "pars/wsgi.py": """
def application(environ, start_response):
    start_response("200 OK" if environ["HTTP_HOST"].startswith("localhost:") else "400 Bad Request", [])
    return [b""]
""",
    "pars/celery.py": """
import os

from celery import Celery

app = Celery("pars", broker=os.environ["REDIS_URL"])
app.conf.update(broker_connection_retry_on_startup=True, worker_hijack_root_logger=False)
""",
}
