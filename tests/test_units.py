from tui.units import amount, duration, gigabytes, minutes, rate, short_duration, short_rate


def test_amounts_are_decimal_with_three_digits_or_so():
    assert [amount(count) for count in (512_000, 9_900_000, 38_000_000, 4_270_000_000)] == [
        "512 kB",
        "9,900 kB",
        "38 MB",
        "4.27 GB",
    ]


def test_gigabytes_below_one_have_two_digits():
    assert [gigabytes(26_940_000_000), gigabytes(580_000_000)] == ["26.9", "0.58"]
    assert [gigabytes(26_940_000_000, 0), gigabytes(580_000_000, 1)] == ["27", "0.6"]


def test_rates_in_few_cells_lose_their_tenths_above_a_hundred():
    assert [rate(112_400_000), short_rate(112_400_000), short_rate(9_460_000)] == [
        "112.4 MB/s",
        "112 MB/s",
        "9.5 MB/s",
    ]


def test_times():
    assert [duration(seconds) for seconds in (39.6, 307, 4_800)] == ["40 s", "5 min 07 s", "1 h 20 min"]
    assert [short_duration(seconds) for seconds in (39.6, 307, 3_900)] == ["40 s", "5 min", "1 h 05 min"]
    assert [minutes(seconds) for seconds in (3, 5_700)] == ["1 min", "95 min"]
