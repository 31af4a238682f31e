from intranet.files import voice


def test_a_waveform_has_64_peaks_whatever_came():
    assert voice.clamp_peaks([]) == []
    assert voice.clamp_peaks([50] * 64) == [50] * 64
    assert voice.clamp_peaks([-5, 500]) == [0] * 32 + [100] * 32
    long = voice.clamp_peaks([0, 90, 0, 0] * 500)
    assert len(long) == 64
    assert set(long) == {90}


def test_a_length_is_at_most_five_minutes():
    assert voice.clamp_length(-1) == 0
    assert voice.clamp_length(24_000) == 24_000
    assert voice.clamp_length(10**12) == 302_000


def test_a_wave_stays_inside_its_box():
    assert voice.wave([0, 100]) == "M2 15v2M6 2v28"
    assert voice.wave([]).count("M") == 64
