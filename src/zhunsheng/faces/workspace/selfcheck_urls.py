"""The addresses of a laboratory's self-checks; the service worker reaches exactly these."""

from django.urls import URLPattern, path

from zhunsheng.faces.workspace import selfcheck_keeping as keeping
from zhunsheng.faces.workspace import selfchecks

HERE = "workspace/campaigns/selfchecks/"
SELFCHECKS: list[URLPattern] = [
    path(HERE, selfchecks.selfchecks, name="workspace_selfchecks"),
    path(f"{HERE}worker.js", keeping.worker, name="workspace_selfcheck_worker"),
    path(f"{HERE}<uuid:pk>/", selfchecks.one, name="workspace_selfcheck"),
    path(f"{HERE}<uuid:pk>/save/", keeping.save, name="workspace_selfcheck_save"),
    path(f"{HERE}<uuid:pk>/status.json", keeping.status, name="workspace_selfcheck_status"),
    path(f"{HERE}<uuid:pk>/submit/", selfchecks.submit, name="workspace_selfcheck_submit"),
    path(f"{HERE}<uuid:pk>/self-check.pdf", selfchecks.paper, name="workspace_selfcheck_paper"),
    path(f"{HERE}<uuid:pk>/versions/<int:number>.json", selfchecks.version, name="workspace_selfcheck_version"),
    path(f"{HERE}<uuid:pk>/proofs/<uuid:proof>/", selfchecks.proof, name="workspace_selfcheck_proof"),
]
