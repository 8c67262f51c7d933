"""All settings of the control functions at work, for whoever wants to see them."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from ppc.configuration.gridcode import in_force, plain
from ppc.configuration.loading import Configuration
from ppc.configuration.parameters import Parameters
from ppc.metier.setting import Domain


def settings_rows(
    configuration: Configuration, parameters: Parameters
) -> Iterator[dict[str, Any]]:
    """Every setting of every listed function: what it is, and what it may be."""
    plant = configuration.plant.plant
    set_by = parameters.set_by(plant.name)
    for function, settings in configuration.functions:
        asked = in_force(function, configuration.prescriptions, plant.products)
        for each in fields(settings):
            domain: Domain = each.metadata["domain"]
            version, code = set_by.get((function, each.name)), asked.get(each.name)
            boolean = isinstance(each.default, bool)
            yield {
                "function": function,
                "setting": each.name,
                "value": plain(getattr(settings, each.name)),
                "default": plain(code.value if code else each.default),
                "default_by": code.code if code else "",
                "unset": domain.unset,
                "range": "true or false" if boolean else str(domain),
                "meaning": domain.meaning,
                "while_running": not domain.at_start,
                "version": version and version.number,
            }
