"""What `Holding` does is tried in the trials; here how it ends."""

import asyncio

from ppc.commissioning import holding
from ppc.commissioning.holding import Holding
from ppc.keys import Key


async def test_set_points_are_renewed_and_end_safe(
    served, inverter, subject, monkeypatch
):
    monkeypatch.setattr(holding, "_RENEWED_S", 0.05)
    async with served(inverter) as line:
        async with Holding(line, subject) as held:
            assert inverter.tables["holding"][30] == 7  # enabled
            await held.set({Key.P_SET_W: 500.0})
            assert inverter.tables["holding"][41] == 500
            inverter.tables["holding"][41] = 3  # it forgot
            for _ in range(100):
                await asyncio.sleep(0.01)
                if inverter.tables["holding"][41] == 500:
                    break
            assert inverter.tables["holding"][41] == 500
            await held.let_go()
            inverter.tables["holding"][41] = 3
        assert inverter.tables["holding"][41] == 0
