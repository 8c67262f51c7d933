from pytest import approx

from ppc.application.lead import Lead


def test_the_lead_is_what_most_answers_need_and_a_little_more():
    lead = Lead(0.05, most_s=0.1)
    for _ in range(60):
        lead.learn(0.002)
    assert lead.s == approx(0.0025)


def test_a_single_late_answer_does_not_make_the_others_old():
    lead = Lead(0.05, most_s=0.1)
    for i in range(60):
        lead.learn(0.05 if i == 30 else 0.002)
    assert lead.s == approx(0.0025)


def test_the_first_answers_teach_nothing():
    lead = Lead(0.05, most_s=0.1)
    for _ in range(8):
        lead.learn(0.001)
    assert lead.s == 0.05


def test_the_lead_has_a_limit():
    lead = Lead(0.05, most_s=0.06)
    for _ in range(60):
        lead.learn(1.0)
    assert lead.s == 0.06
