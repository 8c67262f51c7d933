"""WECC plant controllers REPC_A and REPC_C as reference models.

Written from the published equations; names are those of the model. Per unit on the
plant base, f in pu of nominal, times in s, rates in pu/s, generator sign. Filters are
exact for an input held over dt; integrators stop where their output is at its limit and
the error points outwards (ANDES tracks with a gain instead). Left out: output as a
voltage (QVFlag 0), angles.
"""

from dataclasses import dataclass
from math import acos, exp, inf, tan
from typing import Literal


# fmt: off
@dataclass(frozen=True, kw_only=True)
class Repc:
    """Parameters of REPC_A, then what REPC_C adds; those not given do nothing."""

    Kp: float; Ki: float; Kpg: float; Kig: float  # Ki, Kig in 1/s
    version: Literal["A", "C"] = "A"
    VCFlag: int = 0  # 1: line-drop compensation, 0: reactive droop
    RefFlag: int = 1  # 0: Q, 1: V, 2: power factor (REPC_C)
    Fflag: int = 1  # 0: the reference of active power goes through
    Tfltr: float = 0.02; Tft: float = 0.0; Tfv: float = 0.0  # filter, lead, lag
    Rc: float = 0.0; Xc: float = 0.0; Kc: float = 0.0  # Kc: pu V per pu Q
    emin: float = -inf; emax: float = inf
    dbd1: float = 0.0; dbd2: float = 0.0
    Qmin: float = -inf; Qmax: float = inf
    Tp: float = 0.02; Tg: float = 0.02
    fdbd1: float = 0.0; fdbd2: float = 0.0
    femin: float = -inf; femax: float = inf
    Pmin: float = -inf; Pmax: float = inf
    Ddn: float = 0.0; Dup: float = 0.0  # 1/droop: f above nominal, below nominal
    tFrq: float = 0.0; tC: float = 0.0  # filters of f and of Kc Q
    Vfrz: float = 0.0; tFrz: float = 0.0  # frozen below Vfrz and tFrz longer
    UFreq: float = 0.0  # below it f counts as nominal
    URefMin: float = -inf; URefMax: float = inf
    QRefMin: float = -inf; QRefMax: float = inf
    DQRefMin: float = -inf; DQRefMax: float = inf
    PfMin: float = -1.0; PfMax: float = 1.0
    DPrMin: float = -inf; DPrMax: float = inf
    DfMin: float = -inf; DfMax: float = inf
    PefdFlag: int = 1; FfwrdFlag: int = 0  # feedback, feed-forward of P
    PiMin: float = -inf; PiMax: float = inf
    QvrMin: float = -inf; QvrMax: float = inf
    PrMin: float = -inf; PrMax: float = inf
# fmt: on


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What a controller sees in one step."""

    V: float
    P: float
    Q: float
    f: float = 1.0
    Vref: float = 1.0
    Qref: float = 0.0
    Pref: float = 0.0
    pf: float = 1.0
    PAux: float = 0.0
    UAux: float = 0.0


LEAST_PF = 0.01  # below it Q = 0


def clamp(x: float, low: float, high: float) -> float:
    return max(low, min(high, x))


def db(x: float, low: float, high: float) -> float:
    return x - clamp(x, low, high)


class Model:
    """One controller, begun at rest: V, P, Q and f as they are then."""

    def __init__(self, c: Repc, dt: float, at: Inputs) -> None:
        self.c, self.dt, self.hold_s = c, dt, 0.0
        self.Vf, self.Vc, self.Qc = at.V, self.compensated(at), c.Kc * at.Q
        self.Qf, self.Pf, self.ff, self.Qr, self.Pr = at.Q, at.P, at.f, at.Q, at.P
        self.e3, self.s2, self.s3, self.Qext, self.Pext = 0.0, at.Q, at.Q, at.Q, at.P
        self.s5 = 0.0 if c.FfwrdFlag else at.P

    def compensated(self, at: Inputs) -> float:
        current = complex(at.P, -at.Q) / max(at.V, 1e-3)
        return abs(at.V - complex(self.c.Rc, self.c.Xc) * current)

    def lag(self, x: float, u: float, T: float) -> float:
        return u + (x - u) * exp(-self.dt / T) if T > 0 else u

    def integral(
        self, s: float, K: float, Ki: float, e: float, low: float, high: float
    ) -> float:
        outwards = (K * e + s >= high and e > 0) or (K * e + s <= low and e < 0)
        return s if outwards else clamp(s + Ki * e * self.dt, low, high)

    def step(self, at: Inputs) -> tuple[float, float]:
        """Give Pext and Qext, one dt on."""
        c = self.c
        low = c.Vfrz > at.V
        frozen = low or self.hold_s > 0
        self.hold_s = c.tFrz if low else max(self.hold_s - self.dt, 0.0)
        self.Pf = self.lag(self.Pf, at.P, c.Tp)
        self.reactive(at, frozen=frozen)
        self.active(at, frozen=frozen and c.version == "C")
        return (self.Pext if c.Fflag else at.Pref), self.Qext

    def reactive(self, at: Inputs, *, frozen: bool) -> None:
        c, dt = self.c, self.dt
        self.Vf = self.lag(self.Vf, at.V, c.Tfltr)
        self.Vc = self.lag(self.Vc, self.compensated(at), c.Tfltr)
        self.Qf = self.lag(self.Qf, at.Q, c.Tfltr)
        self.Qc = self.lag(self.Qc, c.Kc * self.Qf, c.tC)
        wish = clamp(at.Qref, c.QRefMin, c.QRefMax)
        self.Qr += clamp(wish - self.Qr, c.DQRefMin * dt, c.DQRefMax * dt)
        Vref = clamp(at.Vref, c.URefMin, c.URefMax) + at.UAux
        pf = clamp(at.pf, c.PfMin, c.PfMax)
        of_pf = self.Pf * tan(acos(pf)) if abs(pf) >= LEAST_PF else 0.0
        seen = self.Vc if c.VCFlag else self.Vf + self.Qc
        e = (self.Qr - self.Qf, Vref - seen, of_pf - self.Qf)[c.RefFlag]
        if not frozen:
            self.e3 = clamp(db(e, c.dbd1, c.dbd2), c.emin, c.emax)
            self.s2 = self.integral(self.s2, c.Kp, c.Ki, self.e3, c.Qmin, c.Qmax)
        Qpi = clamp(c.Kp * self.e3 + self.s2, c.Qmin, c.Qmax)
        self.s3 = self.lag(self.s3, Qpi, c.Tfv)
        lead = c.Tft / c.Tfv if c.Tfv > 0 else 0.0
        Q = self.s3 + lead * (Qpi - self.s3)
        self.Qext += clamp(Q - self.Qext, c.QvrMin * dt, c.QvrMax * dt)

    def active(self, at: Inputs, *, frozen: bool) -> None:
        c, dt = self.c, self.dt
        self.ff = self.lag(self.ff, at.f if c.UFreq <= at.V else 1.0, c.tFrq)
        ef = clamp(db(1.0 - self.ff, c.fdbd1, c.fdbd2), c.DfMin, c.DfMax)
        droop = ef * (c.Ddn if ef < 0 else c.Dup)
        self.Pr += clamp(at.Pref - self.Pr, c.DPrMin * dt, c.DPrMax * dt)
        wish = self.Pr + at.PAux
        ep = clamp(droop + wish - c.PefdFlag * self.Pf, c.femin, c.femax)
        forward = wish if c.FfwrdFlag else 0.0
        low, high = (c.PiMin, c.PiMax) if c.FfwrdFlag else (c.Pmin, c.Pmax)
        if frozen:
            return
        self.s5 = self.integral(self.s5, c.Kpg, c.Kig, ep, low, high)
        P = clamp(clamp(c.Kpg * ep + self.s5, low, high) + forward, c.Pmin, c.Pmax)
        change = self.lag(self.Pext, P, c.Tg) - self.Pext
        self.Pext += clamp(change, c.PrMin * dt, c.PrMax * dt)
