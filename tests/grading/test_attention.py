"""Active seconds: the time given to one decision."""

from __future__ import annotations

from tui.grading.attention import IDLE_SECONDS, Attention


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def test_answers_that_came_into_view_together_do_not_count_the_same_time_twice() -> None:
    clock = Clock()
    attention = Attention(clock)
    first = second = attention.came_into_view()
    clock.time += 30
    assert attention.seconds_since(first) == 30
    attention.decide()
    clock.time += 12
    assert attention.seconds_since(second) == 12


def test_a_decision_before_the_answer_came_into_view_takes_nothing_from_it() -> None:
    clock = Clock()
    attention = Attention(clock)
    attention.decide()
    clock.time += 40
    moment = attention.came_into_view()
    clock.time += 5
    assert attention.seconds_since(moment) == 5


def test_a_pause_counts_for_two_minutes_at_most_and_each_act_begins_another() -> None:
    clock = Clock()
    attention = Attention(clock)
    moment = attention.came_into_view()
    clock.time += 3600
    assert attention.seconds_since(moment) == IDLE_SECONDS
    attention.act()
    clock.time += 20
    attention.act()
    clock.time += 7
    assert attention.seconds_since(moment) == IDLE_SECONDS + 27


def test_time_goes_on_from_where_it_is_after_an_answer_came_into_view_during_a_pause() -> None:
    clock = Clock()
    attention = Attention(clock)
    clock.time += 1000
    moment = attention.came_into_view()
    attention.act()
    clock.time += 9
    assert attention.seconds_since(moment) == 9
