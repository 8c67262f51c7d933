"""For all tests: under CI nothing may be skipped, data from elsewhere, free ports.

One thing may be absent even under CI: the folder of data that is no part of the project
(`PPC_DATA_DIR`). What needs it says so and is left out where it is not.
"""

import os

from pytest import (
    CallInfo,
    Collector,
    CollectReport,
    Item,
    TestReport,
    fixture,
    hookimpl,
    skip,
)

from ppc.configuration.machine import Machine
from tests.rig import free_ports

NO_DATA = "there is no data folder"


@hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Item, call: CallInfo[None]):  # noqa: ARG001
    outcome = yield
    _refuse_skipping(outcome.get_result())


@hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: Collector):  # noqa: ARG001
    outcome = yield
    _refuse_skipping(outcome.get_result())


def _refuse_skipping(report: TestReport | CollectReport) -> None:
    expected = hasattr(report, "wasxfail")
    absent = NO_DATA in str(report.longrepr)
    if report.skipped and not (expected or absent) and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"


@fixture(scope="session")
def shared_data():
    """The folder of data that is no part of the project."""
    folder = Machine().data_dir
    if not folder.is_dir():
        skip(f"{NO_DATA} {folder}")
    return folder


@fixture
def free_port():
    """Gives ports nobody listens on now."""
    return lambda: free_ports(1)[0]
