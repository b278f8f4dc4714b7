"""What the web server calls."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.settings")

from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from zhunsheng.registry import regions

application = get_wsgi_application()
regions.prepare(timezone.localdate())  # the first visitor of a worker does not wait for it
