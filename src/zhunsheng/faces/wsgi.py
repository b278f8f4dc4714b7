"""What the web server calls."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.settings")

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.utils import timezone

from zhunsheng.registry import regions


def finish_restore() -> None:
    """Settle a restore that was interrupted, where a web server of the site's own choice is the first thing to start."""
    from zhunsheng.foundation.journal.restorations import is_unsettled  # models: not before the application is there

    if is_unsettled():
        from zhunsheng.faces.backups.settling import settle

        for line in settle():
            print(line.both(), file=sys.stderr)
    connection.close()  # a server that forks afterwards must not share it


application = get_wsgi_application()
finish_restore()
regions.prepare(timezone.localdate())  # the first visitor of a worker does not wait for it
