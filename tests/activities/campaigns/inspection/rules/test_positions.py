"""Where a phone says that it was: a place on the earth in its own figures, or nothing."""

import pytest

from tests.activities.campaigns.inspection.visits import proof
from tests.cast import AT
from zhunsheng.activities.campaigns.inspection.rules.packages import digest_of, read_proof
from zhunsheng.activities.campaigns.inspection.rules.positions import is_position, position_words
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused


@pytest.mark.parametrize("said", ["geo:30.27,120.15", "geo:-33.9,-180;u=5", "geo:90,0;u=12.123456789"])
def test_a_place_on_the_earth_is_taken(said: str) -> None:
    assert is_position(said) and position_words(said) is not None


@pytest.mark.parametrize(
    "said", ["geo:91,0", "geo:0,181", "geo:1e-7,0", "30.27,120.15", "geo:30.27,120.15;u=-1", "geo:1,2;crs=x", "geo:1"]
)
def test_what_is_none_is_refused_by_its_name(said: str) -> None:
    assert not is_position(said)
    given = {"id": str(proof().id), **proof().said(), "position": said}
    with pytest.raises(InspectionRefused, match="position"):
        read_proof(given, now=AT)


def test_a_record_without_a_position_has_the_digest_that_it_always_had() -> None:
    assert "position" not in proof().said()
    assert digest_of(proof()) != digest_of(proof(position="geo:1,2"))
    assert position_words("") is None
