-- A daily file of version 2, as it was made then.
CREATE TABLE bess (ts FLOAT NOT NULL, device TEXT NOT NULL, p_w FLOAT, q_var FLOAT, soc_pu FLOAT, p_available_w FLOAT, p_available_min_w FLOAT, state_code FLOAT, p_set_w FLOAT, q_set_var FLOAT, quality INTEGER, PRIMARY KEY (ts, device)) WITHOUT ROWID;
CREATE TABLE commands (ts FLOAT NOT NULL, device TEXT NOT NULL, p_set_w FLOAT, q_set_var FLOAT, PRIMARY KEY (ts, device)) WITHOUT ROWID;
CREATE TABLE cycles (ts FLOAT NOT NULL, late_p50_s FLOAT, late_max_s FLOAT, acknowledged_p50_s FLOAT, acknowledged_max_s FLOAT, meter_in_time_pu FLOAT, missed_count FLOAT, incomplete_count FLOAT, dropped_count FLOAT, PRIMARY KEY (ts)) WITHOUT ROWID;
CREATE TABLE decisions (ts FLOAT NOT NULL, p_w FLOAT, q_var FLOAT, p_units_w FLOAT, q_units_var FLOAT, p_shortfall_w FLOAT, q_shortfall_var FLOAT, p_order_w FLOAT, q_order_var FLOAT, v_order_pu FLOAT, p_limited_by TEXT, q_limited_by TEXT, modes TEXT, PRIMARY KEY (ts)) WITHOUT ROWID;
CREATE TABLE events (ts FLOAT NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL, severity TEXT, PRIMARY KEY (ts, source, text)) WITHOUT ROWID;
CREATE TABLE poi (ts FLOAT NOT NULL, device TEXT NOT NULL, v_v FLOAT, f_hz FLOAT, p_w FLOAT, q_var FLOAT, quality INTEGER, PRIMARY KEY (ts, device)) WITHOUT ROWID;
CREATE TABLE pv (ts FLOAT NOT NULL, device TEXT NOT NULL, p_w FLOAT, q_var FLOAT, p_available_w FLOAT, state_code FLOAT, p_set_w FLOAT, q_set_var FLOAT, quality INTEGER, PRIMARY KEY (ts, device)) WITHOUT ROWID;
PRAGMA user_version=2;
