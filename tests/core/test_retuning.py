"""Other settings for a function at work: what it remembers stays, and nothing jumps."""

import ast
import gc
import inspect
import sys
from dataclasses import fields, replace
from types import FunctionType, ModuleType

from pytest import mark

from ppc.core.retuning import Retuning
from ppc.datamodel.envelope import Envelope, Interval
from ppc.datamodel.observation import Orders, Poi, SystemObs
from ppc.metier import FUNCTIONS
from tests.metier.test_every_function import OPTIONS, PLANT
from tests.scenarios import test_scenarios as scenarios


class AlwaysAnew:
    """A function that gets equal settings before every step."""

    def __init__(self, name, options, plant):
        self._build = lambda: FUNCTIONS[name](
            FUNCTIONS[name].Settings(**options), plant
        )
        self.at_work = self._build()

    @property
    def mode(self):
        return self.at_work.mode

    def step(self, obs, envelope):
        change = Retuning(self._build(), self._build())
        self.at_work = change.take_over(self.at_work)
        return self.at_work.step(obs, envelope)


@mark.parametrize("name", FUNCTIONS)
def test_equal_settings_before_every_step_change_nothing_in_its_scenario(name):
    first, scenario = scenarios.load(name)
    plant = scenarios.ConnectionPoint(**scenario["plant"])
    answers = []
    for function in (first, AlwaysAnew(name, scenario["options"], plant)):
        seen = Seen(function)
        scenarios.play(seen, scenario)
        answers.append(seen.answers)
    assert answers[0] == answers[1]


class Seen:
    """A function whose every answer is kept."""

    def __init__(self, function):
        self.function, self.answers = function, []

    @property
    def mode(self):
        return self.function.mode

    def step(self, obs, envelope):
        granted = self.function.step(obs, envelope)
        self.answers.append((granted, str(self.mode)))
        return granted


def others(name):
    """Settings of a function, each with one entry that is not the default."""
    kind = FUNCTIONS[name].Settings
    base = kind()
    for each in fields(kind):
        value, domain = getattr(base, each.name), each.metadata["domain"]
        for tried in tries(value, domain):
            try:
                yield replace(base, **{each.name: tried})
            except ValueError:
                continue
            break
    if name in OPTIONS:
        yield kind(**OPTIONS[name])


def tries(value, domain):
    """Values that a setting may have, of which some are sound."""
    if isinstance(value, bool):
        return [not value]
    if domain.choices:
        return [choice for choice in domain.choices if choice != value]
    if domain.form in {"curve", "table"}:
        points = value or ((49.0, 0.1), (51.0, 0.2))
        return [
            ((points[0][0] - 0.01, points[0][1]), *points[1:]),
            ((0.0, 0.1), (0.5, 0.2), (1.0, 0.3)),
            ((0.1, 60.0), (1.0, 1800.0)),
        ]
    if domain.form == "several":
        return [tuple(v / 2 for v in value)]
    if value is None:
        return [1.0, 0.25, 0.1, 0.05, 300.0, 49.7, 50.5, 1e6]
    return [value * 0.9, value * 1.1, value + 0.1, value + 1.0, value - 0.1]


def history(function):
    """Some cycles in which a plant is started, and moves a little."""
    for i in range(40):
        poi = Poi(v_v=20e3 + 40 * i, f_hz=50.0 + 0.01 * i, p_w=1e6, q_var=1e5)
        orders = Orders(p_set_w=2e6, p_limit_max_w=4e6, run_back_code=1.0)
        obs = SystemObs(
            time_s=0.1 * i,
            dt_s=0.1,
            poi=poi,
            bess={},
            pv={},
            orders=orders,
            wall_s=1.8e9 + 0.1 * i,
        )
        function.step(obs, Envelope(Interval(-6e6, 10e6), Interval(-3e6, 3e6)))
    return function


def reachable(thing):
    """All that a function holds, its own guards included; no code, no module."""
    seen, ahead = {}, [thing]
    while ahead:
        at = ahead.pop()
        if id(at) in seen or isinstance(at, type | ModuleType | str | bytes):
            continue
        seen[id(at)] = at
        if isinstance(at, FunctionType):
            ahead += [cell.cell_contents for cell in at.__closure__ or ()]
        else:
            ahead += gc.get_referents(at)
    return seen


@mark.parametrize("name", FUNCTIONS)
def test_nothing_of_the_old_settings_is_left(name):
    kind = FUNCTIONS[name]
    for settings in others(name):
        first = kind.Settings()
        at_work = history(kind(first, PLANT))
        machines = [x for x in vars(at_work).values() if hasattr(x, "scan")]
        change = Retuning(kind(kind.Settings(), PLANT), kind(settings, PLANT))
        mode = str(at_work.mode)
        after = change.take_over(at_work)
        left = reachable(after)
        assert str(after.mode) == mode
        assert id(first) not in left
        assert id(at_work) not in left
        assert not any(id(machine) in left for machine in machines)
        history(after)


@mark.parametrize("name", FUNCTIONS)
def test_before_any_step_it_is_as_if_started_with_the_new_settings(name):
    kind = FUNCTIONS[name]
    for settings in others(name):
        change = Retuning(kind(kind.Settings(), PLANT), kind(settings, PLANT))
        seen = Seen(change.take_over(kind(kind.Settings(), PLANT)))
        fresh = Seen(kind(settings, PLANT))
        assert history(seen).answers == history(fresh).answers


RECKONED = {"PeakShaving._allowed_w", "VoltVar._lock._locked"}
"""What every cycle reckons anew from what it measures."""


@mark.parametrize("name", FUNCTIONS)
def test_what_a_function_remembers_starts_alike_with_any_settings(name):
    """Else what it has come to, if it began with it, would be taken for a figure."""
    kind = FUNCTIONS[name]
    for settings in others(name):
        one, other = kind(kind.Settings(), PLANT), kind(settings, PLANT)
        assert set(differing(one, other, kind.__name__)) <= RECKONED, settings


def differing(one, other, place):
    """Attributes that methods assign, and that two new instances have unlike."""
    found = []
    changing = assigned(type(one))
    for name, value in vars(one).items():
        beside, here = vars(other).get(name), f"{place}.{name}"
        if has_parts(value) and type(value) is type(beside):
            found += differing(value, beside, here)
        elif isinstance(value, list) and all(map(has_parts, value)):
            continue  # timers, one for each point: as many as the settings say
        elif name in changing and value != beside:
            found.append(here)
    return found


def has_parts(value):
    kind = type(value)
    return (
        kind.__module__.startswith("ppc.metier")
        and hasattr(value, "__dict__")
        and not hasattr(kind, "__dataclass_fields__")
    )


def assigned(kind):
    """The attributes that a class assigns outside __init__."""
    tree = ast.parse(inspect.getsource(sys.modules[kind.__module__]))
    (body,) = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.ClassDef) and n.name == kind.__name__
    ]
    return {
        node.attr
        for method in body.body
        if isinstance(method, ast.FunctionDef) and method.name != "__init__"
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
