"""Scope lines."""

import uuid

from django.db import models
from django.db.models import F, Q

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import Known
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.models import Institution, Site
from zhunsheng.registry.scopes.states import Status


class ScopeLine(Known):
    """One line of a scope: parameter × matrix × method at a site, with range, uncertainty and limits.

    Bitemporal: `valid_from`/`valid_to` say when it was so, `recorded_at`/`superseded_at` when we knew it. A change closes the row
    and enters new ones of the same series. A suspension after a failed proficiency test never stands here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.UUIDField(editable=False, help_text="the same for all rows of one line; see rules.series_of")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="scope_lines", db_index=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="scope_lines", db_index=False)
    region_code = models.CharField(
        max_length=6, editable=False, help_text="where it is done: the site's region, else the institution's"
    )
    parameter = models.ForeignKey(Parameter, on_delete=models.PROTECT, related_name="+", db_index=False)
    matrix = models.ForeignKey(Matrix, on_delete=models.PROTECT, related_name="+", db_index=False)
    method = models.ForeignKey(Method, on_delete=models.PROTECT, related_name="scope_lines", db_index=False)
    low = models.CharField(max_length=40, blank=True, help_text="lower end of the range, as received")
    high = models.CharField(max_length=40, blank=True, help_text="upper end of the range, as received")
    unit = models.CharField(max_length=40, blank=True)
    uncertainty = models.CharField(max_length=100, blank=True, help_text="as stated, with its coverage factor")
    limits = models.CharField(max_length=300, blank=True, help_text="what the approval leaves out")
    status = models.CharField(
        max_length=16, choices=[(one.value, one.name) for one in Status], default=Status.ACTIVE.value
    )
    instruments = models.ManyToManyField(Instrument, related_name="scope_lines")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [
            # Each ends with what a page is ordered by, so that queries.search walks it; see there.
            models.Index(fields=["parameter", "region_code", "matrix", "id"], name="scope_by_parameter"),
            models.Index(fields=["institution", "parameter", "matrix"], name="scope_by_institution"),
            models.Index(fields=["method", "region_code", "id"], name="scope_by_method"),
            models.Index(fields=["matrix", "region_code", "id"], name="scope_by_matrix"),
            models.Index(fields=["region_code", "institution", "id"], name="scope_by_region"),
            models.Index(  # few lines are, so that among those of a parameter they would be long to look for
                fields=["parameter", "region_code", "matrix", "id"],
                name="scope_not_active",
                condition=Q(status__in=[Status.SELF_SUSPENDED.value, Status.SUSPENDED.value, Status.CANCELLED.value]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="scope_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["series", "valid_from"], condition=Q(superseded_at=None), name="scope_series_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Text:
        said = t("{p} in {x} by {m}", "{x}中{p}（{m}）")
        return said.with_(p=self.parameter.name, x=self.matrix.name, m=self.method.number)
