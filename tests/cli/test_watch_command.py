"""`ppc watch`, with the controller and without it."""


def test_it_ends_with_what_was_seen(running, alone):
    for rig, way in ((running, "through the controller"), (alone, "a connection of")):
        done = rig.ppc("watch", "poi", "p_w", "v_v", "--every", "0.1", "--for", "1")
        assert done.returncode == 0, done.stderr
        assert f"poi: {way}" in done.stdout
        row = next(x for x in done.stdout.splitlines() if x.startswith(" v_v "))
        _, reads, bad, *_ = row.split()
        assert int(reads) >= 3
        assert bad == "0"
