"""For all tests: under CI nothing may be skipped, and ports that are free."""

import os
import socket

from pytest import (
    CallInfo,
    Collector,
    CollectReport,
    Item,
    TestReport,
    fixture,
    hookimpl,
)


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
    if report.skipped and not expected and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"


@fixture
def free_port():
    """Gives ports nobody listens on now."""
    held = []

    def take() -> int:
        holder = socket.socket()
        holder.bind(("127.0.0.1", 0))
        held.append(holder)
        return holder.getsockname()[1]

    def give() -> int:
        port = take()
        held[-1].close()
        return port

    yield give
    for holder in held:
        holder.close()
