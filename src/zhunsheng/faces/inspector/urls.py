"""The addresses of the officer's phone; the service worker reaches exactly these."""

from django.urls import path

from zhunsheng.faces.inspector import pages, sync

INSPECTOR = [
    path("inspector/", pages.tasks, name="inspector_tasks"),
    path("inspector/worker.js", pages.worker, name="inspector_worker"),
    path("inspector/<uuid:pk>/", pages.task, name="inspector_task"),
    path("inspector/<uuid:pk>/letter.pdf", pages.letter, name="inspector_letter"),
    path("inspector/<uuid:pk>/status.json", pages.status, name="inspector_status"),
    path("inspector/<uuid:pk>/sync/", sync.sync, name="inspector_sync"),
    path("inspector/<uuid:pk>/exhibits/", sync.exhibit, name="inspector_exhibit"),
    path("inspector/<uuid:pk>/declare/", pages.declare, name="inspector_declare"),
    path("inspector/<uuid:pk>/close/", pages.close, name="inspector_close"),
    path("inspector/<uuid:pk>/sign/", pages.sign, name="inspector_sign"),
    path("inspector/<uuid:pk>/suspicions/<uuid:suspicion>/", pages.take_up, name="inspector_take_up"),
    path("inspector/<uuid:pk>/findings/<uuid:finding>/withdraw/", pages.withdraw, name="inspector_withdraw"),
]
