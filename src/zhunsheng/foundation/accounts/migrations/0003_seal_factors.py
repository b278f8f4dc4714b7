from django.db import migrations

from zhunsheng.foundation.accounts.factors import is_sealed, sealed

AT_ONCE = 500


def seal(apps, schema_editor):
    """Seal the secrets that lie in clear. Those that are sealed already are left alone, whatever key they were sealed with."""
    authenticators = apps.get_model("mfa", "Authenticator").objects.using(schema_editor.connection.alias)
    changed = []
    for one in authenticators.iterator(chunk_size=AT_ONCE):
        data = {name: _sealed(name, value) for name, value in one.data.items()}
        if data != one.data:
            one.data = data
            changed.append(one)
    authenticators.bulk_update(changed, ["data"], batch_size=AT_ONCE)


def _sealed(name, value):
    if name in ("secret", "seed"):
        return value if is_sealed(value) else sealed(value)
    if name == "migrated_codes":
        return [code if is_sealed(code) else sealed(code) for code in value]
    return value


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_api_tokens"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
