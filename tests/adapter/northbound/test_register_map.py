from pathlib import Path

from pydantic import ValidationError
from pytest import mark, raises

from ppc.adapter.northbound.register_map import NorthboundMap

ROOT = Path(__file__).parents[3]
MAP = NorthboundMap.load(ROOT / "config" / "northbound" / "scada.yaml").model_dump()


def _without_form(data):
    del data["images"][0]["forms"]["Hz"]


def _near(data):
    data["images"][1]["address"] = 100


def _twice(data):
    data["registers"] += ({"key": "p_w", "address": 900, "type": "f32"},)


def _overlapping(data):
    data["registers"] += ({"key": "v_l1_v", "address": 201, "type": "f32"},)


@mark.parametrize(
    ("spoil", "reason"),
    [
        (_without_form, "image integer has no form for Hz"),
        (_near, "image short begins before register"),
        (_twice, "p_w stands twice"),
        (_overlapping, "overlap"),
    ],
)
def test_what_cannot_be_shown_is_refused(spoil, reason):
    data = {**MAP, "images": [dict(image) for image in MAP["images"]]}
    data["images"][0]["forms"] = dict(data["images"][0]["forms"])
    spoil(data)
    with raises(ValidationError, match=reason):
        NorthboundMap.model_validate(data)
