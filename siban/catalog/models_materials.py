"""申请材料 of the versions in force, one row each, as the database reads them out of the versions."""

from django.db import models

from siban.identity.api import Org, Region


class PublishedMaterial(models.Model):
    """One material of one published item: read only, never stale, kept nowhere else than in the version."""

    id = models.CharField(max_length=60, primary_key=True)
    item = models.ForeignKey("catalog.ImplementationItem", on_delete=models.DO_NOTHING, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.DO_NOTHING, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.DO_NOTHING, related_name="+")
    is_applied_service = models.BooleanField()
    material_id = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    is_form = models.BooleanField()
    has_blank_form = models.BooleanField()
    has_sample_form = models.BooleanField()
    ecert_type_id = models.CharField(max_length=40)
    is_linked = models.BooleanField()
    is_callable = models.BooleanField()

    class Meta:
        managed = False
        db_table = "catalog_publishedmaterial"
        ordering = ["item", "id"]

    def __str__(self) -> str:
        return self.name
