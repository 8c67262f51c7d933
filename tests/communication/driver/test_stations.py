"""Who does not answer is left alone; who is busy is waited for."""

from pytest import approx, fixture

from ppc.communication.driver.settings import LinkSettings
from ppc.communication.driver.stations import Stations
from ppc.communication.errors import BadReply, NoReply, Refused, StationSilent

SETTINGS = LinkSettings(
    station_backoff_min_s=1.0, station_backoff_max_s=4.0, busy_delay_s=0.5
)
SILENT = NoReply("nothing")


@fixture(name="shared")
def _shared():
    stations = Stations(SETTINGS)
    stations.seen |= {1, 2, 3}
    return stations


def test_a_silent_station_is_left_alone_for_a_time_that_doubles(shared):
    now_s, rests = 0.0, []
    for _ in range(4):
        shared.judge(1, SILENT, now_s)
        began_s = now_s
        while shared.left_alone(1, now_s):
            now_s += 0.25
        rests.append(now_s - began_s)
    assert rests == [approx(rest) for rest in (1.0, 2.0, 4.0, 4.0)]
    assert not shared.left_alone(2, 0.0)


def test_who_answers_is_known_no_longer(shared):
    shared.judge(1, SILENT, 0.0)
    shared.judge(1, b"data", 1.0)
    assert not shared.troubled
    shared.judge(1, SILENT, 2.0)
    assert not shared.left_alone(1, 3.0)


def test_the_first_silence_is_no_reply_and_the_next_ones_have_a_name(shared):
    assert shared.judge(1, SILENT, 0.0) is SILENT
    assert isinstance(shared.judge(1, SILENT, 1.0), StationSilent)


def test_a_gateway_that_does_not_reach_a_station_says_it_is_silent(shared):
    for code in (0x0A, 0x0B):
        refusal = Refused(code)
        assert shared.judge(3, refusal, 0.0) is refusal
        assert shared.left_alone(3, 0.9)
    assert not shared.doubtful


def test_who_is_busy_is_held_not_given_up(shared):
    for code in (5, 6):
        shared.judge(1, Refused(code), 0.0)
        assert not shared.left_alone(1, 0.0)
        assert shared.release(0.4) == approx(0.5)
        assert set(shared.held) == {1}
        shared.release(0.5)
        assert not shared.held
        assert not shared.troubled


def test_other_refusals_and_bad_replies_are_no_silence(shared):
    for reply in (Refused(2), BadReply("nonsense")):
        shared.judge(1, reply, 0.0)
        assert not shared.troubled


def test_alone_on_its_link_a_station_is_not_left_alone():
    stations = Stations(SETTINGS)
    stations.seen.add(1)
    stations.judge(1, SILENT, 0.0)
    assert not stations.left_alone(1, 0.0)
    assert not stations.held


def test_on_a_line_even_so_its_answer_may_still_come():
    stations = Stations(SETTINGS, rest_s=0.3)
    stations.seen.add(1)
    stations.judge(1, SILENT, 0.0)
    assert stations.held == {1: 0.3}
    assert not stations.left_alone(1, 0.0)


def test_two_silences_in_a_row_are_doubtful_but_not_those_of_known_dead(shared):
    shared.judge(1, SILENT, 0.0)
    assert not shared.doubtful
    shared.judge(2, SILENT, 0.0)
    assert shared.doubtful
    shared.judge(3, b"", 0.0)
    assert not shared.doubtful
    for _ in range(3):
        shared.judge(1, SILENT, 10.0)
        assert not shared.doubtful
        shared.judge(2, SILENT, 10.0)
        assert not shared.doubtful
        shared.judge(3, b"", 10.0)


def test_what_was_silent_on_a_link_that_was_gone_is_asked_again(shared):
    shared.judge(1, SILENT, 0.0)
    shared.judge(2, Refused(6), 0.0)
    shared.forget()
    assert not shared.troubled
    assert not shared.left_alone(1, 0.1)


def test_a_gateway_that_answers_is_no_connection_in_doubt(shared):
    shared.judge(1, SILENT, 0.0)
    shared.judge(2, Refused(0x0B), 0.1)
    shared.judge(3, SILENT, 0.2)
    assert not shared.doubtful
    shared.judge(1, SILENT, 0.3)
    shared.judge(2, SILENT, 0.4)
    shared.judge(3, SILENT, 0.5)
    assert shared.doubtful
