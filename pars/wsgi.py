"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pars.settings")

application = get_wsgi_application()

import pars.celery  # noqa: E402, F401  (shared tasks publish through the application made there)
