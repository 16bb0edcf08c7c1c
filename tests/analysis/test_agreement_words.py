from __future__ import annotations

from msgspec.structs import replace

from tui.analysis.agreement import Agreement
from tui.analysis.coincidences import Coefficient
from tui.analysis.disagreements import Disagreement
from tui.analysis.habits import BY_CHANCE, Controls, GraderHabits, Guesses, Habit
from tui.analysis.same_text import SameText
from tui.report.agreement_words import agreement, agreements, disagreement, habit, habits, same_text

ALPHA = Coefficient(name="alpha", estimate=0.712, low=0.5, high=0.84, is_tentative=True)
TWO = Agreement(
    between="graders", graders=("mei", "Jürgen"), criterion="overall", levels=("fail", "pass"),
    answers=90, items=9, same=75, raw=75 / 90, low=0.74, high=0.9, coefficient=ALPHA,
)  # fmt: skip
LONGER = Habit(name="longer answers", estimate=0.124, low=0.03, high=0.2, items=9)
MEI = GraderHabits(
    grader="mei", criterion="overall", judgements=90, median_seconds=4.25, habits=(LONGER,),
    same_text=(SameText(item="code/1", answers=(("1", "tiny", "pass"), ("2", "small", "fail"))),),
    guesses=Guesses(right=3, asked=5, by_chance=1.25, low=0.23, high=0.88),
    controls=Controls(right=2, judged=3),
)  # fmt: skip


def test_agreement():
    assert agreement(TWO) == (
        "mei and Jürgen agree on 75 of 90 answers: 0.83 [0.74, 0.90]; alpha 0.71 [0.50, 0.84], tentative"
    )
    few = replace(TWO, answers=9, same=8, coefficient=None, why_none="under 10 answers")
    assert agreement(few).endswith(
        "agree on 8 of 9 answers: 0.83 [0.74, 0.90]; no coefficient: under 10 answers"
    )
    assert agreement(replace(TWO, between="pair", coefficient=None)).endswith("90 answers: 0.83 [0.74, 0.90]")


def test_agreement_of_three_and_with_oneself():
    three = agreement(replace(TWO, graders=("mei", "Jürgen", "ada"), coefficient=None))
    assert three == (
        "mei, Jürgen and ada all agree on 75 of 90 answers; of each two grades of an answer the same:"
        " 0.83 [0.74, 0.90]"
    )
    oneself = agreement(replace(TWO, between="oneself", graders=("mei",), coefficient=None))
    assert oneself == "mei, asked once more, gave the same level to 75 of 90 answers: 0.83 [0.74, 0.90]"


def test_lines_of_the_same_graders_are_told_apart():
    assert list(agreements([TWO])) == [agreement(TWO)]
    style = replace(TWO, criterion="style")
    assert list(agreements([TWO, style])) == [f"overall: {agreement(TWO)}", f"style: {agreement(TWO)}"]
    scale = replace(TWO, levels=("no", "yes"))
    assert list(agreements([TWO, scale])) == [
        f"(fail, pass): {agreement(TWO)}", f"(no, yes): {agreement(TWO)}",
    ]  # fmt: skip


def test_a_habit_says_what_it_shows_and_that_it_is_an_association():
    assert habit(LONGER) == "longer answers +0.12 [+0.03, +0.20], 9 items: longer answers were graded higher"
    lower = replace(LONGER, estimate=-0.2, low=-0.3, high=-0.1)
    assert habit(lower).endswith("-0.20 [-0.30, -0.10], 9 items: longer answers were graded lower")
    none = replace(LONGER, estimate=-0.001, low=-0.1)
    assert habit(none) == "longer answers +0.00 [-0.10, +0.20], 9 items: nothing shown"


def test_all_that_is_said_of_graders():
    style = replace(MEI, criterion="style", habits=(), same_text=(), median_seconds=None, controls=None)
    assert list(habits([MEI, style])) == [
        BY_CHANCE,
        "mei: 90 judgements, median 4.2 s",
        f"mei: {habit(LONGER)}",
        "mei: 1 text that came more than once had different levels",
        "mei: guessed who wrote 5 answers, 3 of them right: 0.60 [0.23, 0.88]; by chance it would be 1.2",
        "mei: 2 of 3 controls as the task says",
    ]
    assert list(habits([replace(MEI, criterion="style", guesses=None)]))[-1] == (
        "mei, by style: 2 of 3 controls as the task says"
    )


def test_in_short_only_what_shows():
    none = replace(LONGER, name="quick", low=-0.1)
    (_, _, shown, hidden, *_) = habits([replace(MEI, habits=(LONGER, none, none))], in_short=True)
    assert (shown, hidden) == (f"mei: {habit(LONGER)}", "mei: 2 of 3 intervals show nothing")


def test_answers_that_were_graded_differently():
    differing = Disagreement(
        response_id="1", item="code/1", model="tiny", criterion="overall",
        given=(("mei", "pass"), ("Jürgen", "fail")), distance=2,
    )  # fmt: skip
    assert disagreement(differing) == "code/1, tiny: mei pass, Jürgen fail"
    assert (
        disagreement(replace(differing, criterion="style")) == "code/1, tiny by style: mei pass, Jürgen fail"
    )
    assert same_text(MEI.same_text[0]) == "code/1: the same text, tiny pass, small fail"
