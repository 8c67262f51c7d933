"""What `Holding` does is tried in the trials; here how it ends."""

from ppc.commissioning.holding import Holding
from ppc.keys import Key


async def test_set_points_are_renewed_and_end_safe(served, inverter, subject):
    async with served(inverter) as line:
        async with Holding(line, subject) as held:
            assert inverter.tables["holding"][30] == 7  # enabled
            await held.set({Key.P_SET_W: 500.0})
            assert inverter.tables["holding"][41] == 500
            await held.let_go()
            inverter.tables["holding"][41] = 3
        assert inverter.tables["holding"][41] == 0
