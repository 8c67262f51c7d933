"""A PV array behind its inverter."""

from collections.abc import Mapping
from math import copysign, exp, sqrt
from random import Random

from ppc.configuration.simulation import UnitSection
from ppc.datamodel.rating import UnitRating
from ppc.keys import DeviceState, Key
from ppc.simulation.physics.grid import Injection
from ppc.simulation.physics.noise import OrnsteinUhlenbeck
from ppc.simulation.physics.response import Dynamics, Lag, SetPoints
from ppc.simulation.physics.sky import Sky
from ppc.simulation.physics.unit import I_MAX_PU, IDLE_PU, q_room_var
