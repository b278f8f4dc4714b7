"""The addresses at which a laboratory hands in its results; the service worker of a round reaches exactly its folder."""

from django.urls import URLPattern, path

from zhunsheng.faces.workspace import round_results as results
from zhunsheng.faces.workspace import round_results_acts as acts
from zhunsheng.faces.workspace import round_results_file as files
from zhunsheng.faces.workspace import round_results_keeping as keeping

HERE = "workspace/rounds/<uuid:pk>/results/"
OUR_ROUND_RESULTS: list[URLPattern] = [
    path("workspace/rounds/due/", results.waiting, name="workspace_rounds_due"),
    path(HERE, results.one, name="workspace_round_results"),
    path(f"{HERE}worker.js", keeping.worker, name="workspace_round_results_worker"),
    path(f"{HERE}save/", keeping.save, name="workspace_round_results_save"),
    path(f"{HERE}status.json", keeping.status, name="workspace_round_results_status"),
    path(f"{HERE}submit/", acts.submit, name="workspace_round_results_submit"),
    path(f"{HERE}approve/", acts.approve, name="workspace_round_results_approve"),
    path(f"{HERE}give-back/", acts.give_back, name="workspace_round_results_give_back"),
    path(f"{HERE}withdraw/", acts.withdraw, name="workspace_round_results_withdraw"),
    path(f"{HERE}results.xlsx", files.form, name="workspace_round_results_form"),
    path(f"{HERE}upload/", files.upload, name="workspace_round_results_upload"),
    path(f"{HERE}upload/<uuid:draft>/", files.difference, name="workspace_round_results_difference"),
    path(f"{HERE}receipts/<uuid:receipt>/", acts.receipt, name="workspace_round_receipt"),
    path(f"{HERE}receipts/<uuid:receipt>/receipt.json", acts.receipt_file, name="workspace_round_receipt_file"),
]
