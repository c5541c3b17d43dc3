"""申请材料 of the versions in force as rows of their own: read where figures count materials, never written."""

from django.db import migrations

VIEW = r"""
CREATE VIEW catalog_publishedmaterial AS
SELECT i.id::text || ':' || m.nr AS id, i.id AS item_id, i.org_id, i.region_id, i.is_applied_service,
       m.said->>'id' AS material_id, coalesce(m.said->>'name', '') AS name,
       coalesce((m.said->>'is_form')::boolean, false) AS is_form,
       coalesce(btrim(m.said->>'blank_form_file'), '') <> '' AS has_blank_form,
       coalesce(btrim(m.said->>'sample_form_file'), '') <> '' AS has_sample_form,
       coalesce(btrim(m.said->>'ecert_type_id'), '') AS ecert_type_id,
       coalesce(btrim(m.said->>'ecert_type_id'), '') <> '' AS is_linked,
       coalesce(btrim(m.said->>'ecert_type_id') IN (SELECT t.id FROM certificates_ecerttype t WHERE t.callable), false)
       OR coalesce(g.ecert_type_id IN (SELECT t.id FROM certificates_ecerttype t WHERE t.callable), false)
       OR coalesce(regexp_replace(m.said->>'name', '(原件|复印件|正、副本|正副本|及复印件|（[^）]*）)', '', 'g')
                   IN (SELECT t.name FROM certificates_ecerttype t WHERE t.callable), false) AS is_callable
FROM catalog_implementationitem i
JOIN catalog_itemversion v ON v.id = i.version_id
CROSS JOIN LATERAL jsonb_array_elements(coalesce(nullif(v.content->'materials', 'null'), '[]')) WITH ORDINALITY AS m(said, nr)
LEFT JOIN catalog_materialgrain g ON g.id = m.said->>'grain_id'
WHERE NOT i.is_suspended AND i.state NOT IN ('suspended', 'cancelled')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0031_guide_facts_of_what_stands"),
        ("certificates", "0001_initial"),
    ]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW catalog_publishedmaterial")]
