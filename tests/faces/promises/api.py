"""The API: role by endpoint by object, each role with a token of every scope, `anyone` without."""

import json
from datetime import timedelta

from tests.cast import AT, institution_of
from tests.faces.promises import (
    AUTHORITIES,
    EVERYONE,
    GONE,
    LABORATORIES,
    NO_TOKEN,
    OWN,
    REACHING,
    ROLES,
    SIGNED_IN,
    Promises,
    Verbs,
    only,
)
from zhunsheng.faces.api.tokens import make_token
from zhunsheng.foundation.accounts.models import ApiToken, User


def with_token(*roles: str) -> dict[str, int]:
    """These roles are answered, the others find nothing there, whoever has no token is told so."""
    return {**only(*roles), "anyone": NO_TOKEN}


NOT_THERE = dict.fromkeys(ROLES, GONE)
ANY_TOKEN = {**EVERYONE, "anyone": NO_TOKEN}
ASKED = "?parameter=mercury&matrix=feed&on=2026-04-15"

GET: Promises = {
    "api_docs": [((), EVERYONE)],
    "api_openapi": [((), EVERYONE)],
    "api_nowhere": [(("v1/anything",), NOT_THERE)],
    "api_tokens": [((), SIGNED_IN)],
    "api_institutions": [((), EVERYONE), (("?q=L08",), EVERYONE)],
    "api_institution": [(("laboratory institution",), EVERYONE)],
    "api_scopes": [((), EVERYONE)],
    "api_parameters": [((), EVERYONE)],
    "api_matrices": [((), EVERYONE)],
    "api_methods": [((), EVERYONE)],
    "api_standards": [((), EVERYONE)],
    "api_regions": [((), EVERYONE)],
    "api_region": [(("330106",), EVERYONE), (("999999",), NOT_THERE)],
    "api_working_days": [((), EVERYONE)],
    "api_substances": [((), EVERYONE)],
    "api_near": [(("?parameter=mercury&region=330100",), EVERYONE)],
    "api_capability": [
        (("laboratory institution", ASKED), with_token(*OWN, *REACHING)),
        (("other laboratory institution", ASKED), with_token("other_laboratory", "regulator", "national", "province")),
    ],
    "api_evidence": [((), ANY_TOKEN)],
    "api_rules": [((), EVERYONE), (("?on=2024-01-01",), EVERYONE)],
    "api_rule_versions": [((), EVERYONE)],
    "api_regulation": [(("SAMR-39",), EVERYONE), (("no-such-regulation",), NOT_THERE)],
    "api_equipment": [((), with_token(*LABORATORIES, *AUTHORITIES))],
    "api_instrument": [(("i-instrument",), with_token(*OWN, *REACHING))],
    "api_people": [((), with_token(*LABORATORIES, *AUTHORITIES))],
    "api_person": [(("i-person",), with_token(*OWN, *REACHING))],
    "api_stocktakings": [((), with_token(*LABORATORIES, *AUTHORITIES))],
    "api_stocktaking": [(("stocktaking",), with_token(*LABORATORIES, *REACHING))],
    "api_returns": [((), with_token(*LABORATORIES, *AUTHORITIES))],
    "api_return": [(("return",), with_token(*OWN, *REACHING))],
    "api_lived_rules": [((), with_token(*AUTHORITIES))],
    "api_lived_rules_of": [
        (("laboratory institution",), with_token(*OWN, *REACHING)),
        (("other laboratory institution",), with_token("other_laboratory", "regulator", "national", "province")),
    ],
    "api_risk_classes": [((), with_token(*AUTHORITIES))],
    "api_risk_of": [
        (("laboratory institution",), with_token(*OWN, *REACHING)),
        (("other laboratory institution",), with_token("other_laboratory", "regulator", "national", "province")),
    ],
    "api_coverage": [(("?field=feed",), with_token(*AUTHORITIES))],
    "api_watch": [((), with_token(*LABORATORIES, *AUTHORITIES))],
    "api_duplicates": [((), with_token(*AUTHORITIES))],
    "api_double_posts": [((), with_token(*AUTHORITIES))],
    "api_shared_serials": [((), with_token(*AUTHORITIES))],
    "api_decision": [(("decision",), with_token("regulator"))],
}
POST_ONLY = {"api_token_revoke", "api_eligibility"}
SUPERVISES = {
    "api_equipment", "api_instrument", "api_people", "api_person", "api_stocktakings", "api_stocktaking", "api_returns", "api_return",
    "api_lived_rules", "api_lived_rules_of", "api_risk_classes", "api_risk_of", "api_duplicates", "api_double_posts",
    "api_shared_serials",
}  # fmt: skip
SHOWS_REGISTER = {"api_institutions", "api_institution", "api_scopes", "api_capability", "api_near", *SUPERVISES}

QUESTION = {
    "institution": "00000000-0000-0000-0000-000000000007",
    "parameter": "mercury",
    "matrix": "feed",
    "on": "2026-04-15",
}
VERBS: Verbs = [
    ("api_token_revoke", ("token",), {}, ("laboratory",)),
    ("api_eligibility", (), json.dumps(QUESTION), AUTHORITIES),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    make_token(name="LIMS", scopes=["read:registers"], lifetime=timedelta(days=1), actor=people["laboratory"], at=AT)
    return {
        "laboratory institution": str(institution_of(people["laboratory"]).pk),
        "other laboratory institution": str(institution_of(people["other_laboratory"]).pk),
        "token": str(ApiToken.objects.get(name="LIMS").pk),
    }  # fmt: skip
