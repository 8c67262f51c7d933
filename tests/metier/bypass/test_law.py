from ppc.metier.bypass.law import pass_law


def test_an_order_passes_and_silence_keeps_the_last():
    assert pass_law(2.0, 1.0) == 2.0
    assert pass_law(None, 1.0) == 1.0
