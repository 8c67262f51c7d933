"""The vocabulary of the plant: one name, one unit and one meaning per signal.

The same names are used in register profiles, in the datamodel, in the database,
on the SCADA map and in Grafana. A name ends with its unit; units are SI base units,
fractions are per unit (pu), energy is in Wh.

Sign: generator convention everywhere. P > 0 leaves the plant for the grid,
Q > 0 is injected into the grid (over-excited, raises the voltage). A charging
battery has P < 0.
"""

from enum import StrEnum
from typing import Self

from ppc.keys.states import DeviceState, PlantState, QMode

__all__ = ["DeviceState", "Key", "PlantState", "QMode"]


_ENABLE = "1: the value counts when it is written; 0: it does not; 0, then 1: again"
_VALIDITY = "how long the next value written counts; 0: as long as the heartbeat moves"
_RECEIVED = "what was written last, taken or not"
_IN_FORCE = "what counts of all sources; NaN: none"
_LEFT = "time until this order expires; 0: there is none"
_REVERT = "what counts of this source once the order has expired; NaN: none"
_REJECT = "what keeps the last value from counting; 0: nothing, see the list of codes"


class Key(StrEnum):
    """Name of a signal. `Key.V_V.unit` is "V"."""

    unit: str
    meaning: str

    def __new__(cls, name: str, unit: str, meaning: str) -> Self:
        key = str.__new__(cls, name)
        key._value_ = name
        key.unit = unit
        key.meaning = meaning
        return key

    # Measurements
    V_V = "v_v", "V", "line-to-line RMS voltage; 61850 MMXU.PPV, SunSpec 701 LLV"
    F_HZ = "f_hz", "Hz", "frequency; 61850 MMXU.Hz, SunSpec 701 Hz"
    P_W = "p_w", "W", "active power, + to the grid; 61850 MMXU.TotW, SunSpec 701 W"
    Q_VAR = "q_var", "var", "reactive power, + to the grid; 61850 MMXU.TotVAr"
    SOC_PU = "soc_pu", "pu", "state of charge of usable energy; SunSpec 713 SoC"
    P_AVAILABLE_W = (
        "p_available_w",
        "W",
        "most active power that could be given now; battery: discharge limit",
    )
    P_AVAILABLE_MIN_W = (
        "p_available_min_w",
        "W",
        "least active power that could be given now; battery: charge limit, negative",
    )
    V_L1_V = "v_l1_v", "V", "voltage of phase 1 to neutral; 61850 MMXU.PhV.phsA"
    V_L2_V = "v_l2_v", "V", "voltage of phase 2 to neutral"
    V_L3_V = "v_l3_v", "V", "voltage of phase 3 to neutral"
    P_L1_W = "p_l1_w", "W", "active power of phase 1; 61850 MMXU.W.phsA"
    P_L2_W = "p_l2_w", "W", "active power of phase 2"
    P_L3_W = "p_l3_w", "W", "active power of phase 3"
    E_EXPORT_WH = "e_export_wh", "Wh", "energy given to the grid; 61850 MMTR.SupWh"
    E_IMPORT_WH = "e_import_wh", "Wh", "energy taken from the grid; 61850 MMTR.DmdWh"
    STATE_CODE = (
        "state_code",
        "code",
        (
            "unit: 0 off, 1 standby, 2 running, 3 derated, 4 fault; plant: 0 starting, "
            "1 running, 2 limited, 3 fallback, 4 blocked, 5 fault, 6 stopping, "
            "7 testing"
        ),
    )

    # Set-points, ours to the units and the operator's to us
    P_SET_W = "p_set_w", "W", "active power set-point; SunSpec 704 WSet"
    Q_SET_VAR = "q_set_var", "var", "reactive power set-point; SunSpec 704 VarSet"
    V_SET_PU = "v_set_pu", "pu", "voltage set-point, per unit of nominal"
    P_LIMIT_MAX_W = "p_limit_max_w", "W", "operator's upper limit of active power"
    P_LIMIT_MIN_W = "p_limit_min_w", "W", "operator's lower limit of active power"
    ENABLE_CODE = "enable_code", "code", "operator's release: 1 run, 0 bring P, Q to 0"
    Q_MODE_CODE = (
        "q_mode_code",
        "code",
        (
            "law of reactive power: 0 as configured, 1 set-point, 2 Q(U), 3 voltage, "
            "4 power factor, 5 Q(P), 6 set-point limited by voltage"
        ),
    )
    PF_SET_PU = (
        "pf_set_pu",
        "pu",
        "power factor set-point, 0 to 1; SunSpec 704 PFWInj.PF",
    )
    EXCITATION_CODE = (
        "excitation_code",
        "code",
        "side: 0 over-excited (Q > 0), 1 under-excited; SunSpec PFWInj.Ext",
    )
    RUN_BACK_CODE = (
        "run_back_code",
        "code",
        "system protection, active levels of power: 1, 2, 4 ..., or a sum; 0: none",
    )
    P_RESERVE_W = "p_reserve_w", "W", "active power to be kept in reserve, upwards"
    EMERGENCY_STOP_CODE = (
        "emergency_stop_code",
        "code",
        "1 stops the plant at once, and for good until it is reset",
    )
    RESET_CODE = "reset_code", "code", "0 then 1 resets an emergency stop"
    BYPASS_CODE = (
        "bypass_code",
        "code",
        "1: orders go to the units as they are, another controller is in charge",
    )
    F_TEST_HZ = "f_test_hz", "Hz", "test: added to the measured frequency"
    V_TEST_PU = "v_test_pu", "pu", "test: added to the measured voltage"
    P_NEXT_W = "p_next_w", "W", "active power set-point for the time in p_next_at_s"
    P_NEXT_AT_S = (
        "p_next_at_s",
        "s",
        "Unix time at which p_next_w becomes p_set_w, a day ahead at most",
    )
    LOCAL_CODE = (
        "local_code",
        "code",
        "1: set-points are taken at the plant only; 0: from remote sources only",
    )
    WITHDRAW_CODE = (
        "withdraw_code",
        "code",
        (
            "takes orders back: 1 P, 2 Q, 4 U, 8 limits, 16 mode and power factor, "
            "32 run-back and reserve, 64 tests, or a sum; reads 0"
        ),
    )
    CURVES_CODE = "curves_code", "code", "the right to have curves adopted"
    SEQUENCE_CODE = "sequence_code", "code", "commits all set-points written since"
    P_SET_ENABLE_CODE = "p_set_enable_code", "code", _ENABLE
    Q_SET_ENABLE_CODE = "q_set_enable_code", "code", _ENABLE
    V_SET_ENABLE_CODE = "v_set_enable_code", "code", _ENABLE
    PF_SET_ENABLE_CODE = "pf_set_enable_code", "code", _ENABLE
    P_LIMIT_MAX_ENABLE_CODE = "p_limit_max_enable_code", "code", _ENABLE
    P_LIMIT_MIN_ENABLE_CODE = "p_limit_min_enable_code", "code", _ENABLE
    P_SET_VALIDITY_S = "p_set_validity_s", "s", _VALIDITY
    Q_SET_VALIDITY_S = "q_set_validity_s", "s", _VALIDITY
    V_SET_VALIDITY_S = "v_set_validity_s", "s", _VALIDITY
    PF_SET_VALIDITY_S = "pf_set_validity_s", "s", _VALIDITY
    P_LIMIT_MAX_VALIDITY_S = "p_limit_max_validity_s", "s", _VALIDITY
    P_LIMIT_MIN_VALIDITY_S = "p_limit_min_validity_s", "s", _VALIDITY
    HEARTBEAT_IN = "heartbeat_in", "count", "SCADA's sign of life: any change counts"

    # What the plant says of itself
    HEARTBEAT_OUT = "heartbeat_out", "count", "our sign of life: +1 per second, wraps"
    MAGIC_CODE = "magic_code", "code", "constant 0x5050: this is a plant controller map"
    MAP_VERSION_CODE = "map_version_code", "code", "version of this register map"
    PATTERN_CODE = "pattern_code", "code", "constant 0x01020304: shows the word order"
    PATTERN_FLOAT_CODE = (
        "pattern_float_code",
        "code",
        "constant 123456.0: shows how floats are read",
    )
    SIGN_CODE = "sign_code", "code", "signs on this map: 0 generator, 1 load"
    TIME_S = "time_s", "s", "our clock, Unix time; not available: not to be trusted"
    P_RATED_W = (
        "p_rated_w",
        "W",
        "100 % of active power: the greater of what may be fed in and drawn",
    )
    Q_RATED_VAR = "q_rated_var", "var", "100 % of reactive power"
    V_RATED_V = "v_rated_v", "V", "100 % of voltage: nominal, line-to-line"
    F_RATED_HZ = "f_rated_hz", "Hz", "nominal frequency"
    E_RATED_WH = "e_rated_wh", "Wh", "usable energy of all batteries"
    POI_QUALITY_CODE = (
        "poi_quality_code",
        "code",
        (
            "quality of the POI values: 0 good, 1 old data, 2 out of range, 3 failure, "
            "4 inconsistent: P and Q contradict the units"
        ),
    )
    POI_AGE_S = "poi_age_s", "s", "age of the POI meter's last answer"
    BESS_P_W = "bess_p_w", "W", "active power of all batteries"
    BESS_Q_VAR = "bess_q_var", "var", "reactive power of all batteries"
    PV_P_W = "pv_p_w", "W", "active power of all PV inverters"
    PV_Q_VAR = "pv_q_var", "var", "reactive power of all PV inverters"
    Q_AVAILABLE_VAR = "q_available_var", "var", "most reactive power available now"
    Q_AVAILABLE_MIN_VAR = (
        "q_available_min_var",
        "var",
        "least reactive power available now",
    )
    E_AVAILABLE_WH = "e_available_wh", "Wh", "energy the batteries hold above minimum"
    UNITS_IN_SERVICE_COUNT = (
        "units_in_service_count",
        "count",
        "units that take set-points now",
    )
    UNITS_COUNT = "units_count", "count", "units of the plant"
    P_ACCEPTED_W = "p_accepted_w", "W", "active power order in force; NaN: none"
    Q_ACCEPTED_VAR = "q_accepted_var", "var", "reactive power order in force; NaN: none"
    V_ACCEPTED_PU = "v_accepted_pu", "pu", "voltage order in force; NaN: none"
    P_LIMIT_MAX_ACCEPTED_W = (
        "p_limit_max_accepted_w",
        "W",
        "operator's upper limit in force; NaN: none",
    )
    P_LIMIT_MIN_ACCEPTED_W = (
        "p_limit_min_accepted_w",
        "W",
        "operator's lower limit in force; NaN: none",
    )
    ENABLE_ACCEPTED_CODE = (
        "enable_accepted_code",
        "code",
        "operator's release in force: 1 run, 0 blocked",
    )
    PF_ACCEPTED_PU = "pf_accepted_pu", "pu", "power factor order in force; NaN: none"
    P_SET_RECEIVED_W = "p_set_received_w", "W", _RECEIVED
    Q_SET_RECEIVED_VAR = "q_set_received_var", "var", _RECEIVED
    V_SET_RECEIVED_PU = "v_set_received_pu", "pu", _RECEIVED
    PF_SET_RECEIVED_PU = "pf_set_received_pu", "pu", _RECEIVED
    P_LIMIT_MAX_RECEIVED_W = "p_limit_max_received_w", "W", _RECEIVED
    P_LIMIT_MIN_RECEIVED_W = "p_limit_min_received_w", "W", _RECEIVED
    P_IN_FORCE_W = "p_in_force_w", "W", _IN_FORCE
    Q_IN_FORCE_VAR = "q_in_force_var", "var", _IN_FORCE
    V_IN_FORCE_PU = "v_in_force_pu", "pu", _IN_FORCE
    PF_IN_FORCE_PU = "pf_in_force_pu", "pu", _IN_FORCE
    P_LIMIT_MAX_IN_FORCE_W = "p_limit_max_in_force_w", "W", _IN_FORCE
    P_LIMIT_MIN_IN_FORCE_W = "p_limit_min_in_force_w", "W", _IN_FORCE
    P_SET_LEFT_S = "p_set_left_s", "s", _LEFT
    Q_SET_LEFT_S = "q_set_left_s", "s", _LEFT
    V_SET_LEFT_S = "v_set_left_s", "s", _LEFT
    PF_SET_LEFT_S = "pf_set_left_s", "s", _LEFT
    P_LIMIT_MAX_LEFT_S = "p_limit_max_left_s", "s", _LEFT
    P_LIMIT_MIN_LEFT_S = "p_limit_min_left_s", "s", _LEFT
    P_SET_REVERT_W = "p_set_revert_w", "W", _REVERT
    Q_SET_REVERT_VAR = "q_set_revert_var", "var", _REVERT
    V_SET_REVERT_PU = "v_set_revert_pu", "pu", _REVERT
    PF_SET_REVERT_PU = "pf_set_revert_pu", "pu", _REVERT
    P_LIMIT_MAX_REVERT_W = "p_limit_max_revert_w", "W", _REVERT
    P_LIMIT_MIN_REVERT_W = "p_limit_min_revert_w", "W", _REVERT
    P_SET_REJECT_CODE = "p_set_reject_code", "code", _REJECT
    Q_SET_REJECT_CODE = "q_set_reject_code", "code", _REJECT
    V_SET_REJECT_CODE = "v_set_reject_code", "code", _REJECT
    PF_SET_REJECT_CODE = "pf_set_reject_code", "code", _REJECT
    P_LIMIT_MAX_REJECT_CODE = "p_limit_max_reject_code", "code", _REJECT
    P_LIMIT_MIN_REJECT_CODE = "p_limit_min_reject_code", "code", _REJECT
    ACCEPTED_SEQUENCE_CODE = "accepted_sequence_code", "code", "the last one committed"
    REJECT_CODE = "reject_code", "code", "why the last refused write was refused"
    REJECT_ADDRESS_CODE = "reject_address_code", "code", "where that write began"
    P_SOURCE_CODE = "p_source_code", "code", "whose order P follows: rank; 0: nobody's"
    Q_SOURCE_CODE = "q_source_code", "code", "whose order Q follows: rank; 0: nobody's"
    P_LIMIT_MAX_SOURCE_CODE = (
        "p_limit_max_source_code",
        "code",
        "whose limit holds: rank",
    )
    P_LIMIT_MIN_SOURCE_CODE = (
        "p_limit_min_source_code",
        "code",
        "whose limit holds: rank",
    )
    P_LIMITED_BY_CODE = "p_limited_by_code", "code", "what limits P: see the list"
    Q_LIMITED_BY_CODE = "q_limited_by_code", "code", "what limits Q: see the list"
    P_ACTIVE_W = "p_active_w", "W", "active power aimed at now, ramped and limited"
    Q_ACTIVE_VAR = "q_active_var", "var", "reactive power aimed at now"
    P_LIMITING_CODE = (
        "p_limiting_code",
        "code",
        "what limits P: 0 nothing, n the n-th function of plant.yaml, 100 capability",
    )
    Q_LIMITING_CODE = (
        "q_limiting_code",
        "code",
        "what limits Q: 0 nothing, n the n-th function of plant.yaml, 100 capability",
    )
    ORDERS_LEFT_S = "orders_left_s", "s", "time until SCADA's orders expire"
    REJECTED_COUNT = "rejected_count", "count", "writes refused since start, wraps"
    P_SHORTFALL_W = "p_shortfall_w", "W", "active power asked of the units, not given"
    Q_SHORTFALL_VAR = "q_shortfall_var", "var", "reactive power asked, not given"
    CYCLES_MISSED_COUNT = "cycles_missed_count", "count", "control cycles missed, wraps"
