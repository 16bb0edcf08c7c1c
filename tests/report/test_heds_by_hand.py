"""The file of what a person answers of the datasheet."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies

from tui.errors import ConfigError
from tui.report.heds import by_hand
from tui.report.heds.by_hand import ByHand
from tui.report.heds.form import UnfitAnswerError, questions

TEXTS = strategies.text(strategies.characters(exclude_categories=("Cs",)), min_size=1, max_size=60).filter(
    str.strip
)


@given(TEXTS, TEXTS, TEXTS)
def test_any_answer_is_read_back_as_it_was_written(tmp_path_factory, text, details, criterion):
    answers = ByHand()
    answers.put("", "3.2.3", questions()["3.2.3"].answer(text))
    answers.put("", "3.1.2", questions()["3.1.2"].answer(f"Other: {details}"))
    answers.put("", "2.4", questions()["2.4"].answer("English", "Valencian"))
    answers.put(criterion, "4.1.1", questions()["4.1.1"].answer("goodness"))
    file = tmp_path_factory.mktemp("heds") / "grades.heds.toml"
    by_hand.write(file, answers)
    again = by_hand.read(file)
    for key in (("", "3.2.3"), ("", "3.1.2"), ("", "2.4"), (criterion, "4.1.1")):
        assert again.get(*key) == answers.get(*key) is not None


def test_what_is_open_stands_in_the_file_to_be_filled_in(tmp_path):
    file = tmp_path / "grades.heds.toml"
    answers = ByHand({("overall", "4.1.1"): questions()["4.1.1"].answer("2")})
    by_hand.write(file, answers)
    text = file.read_text(encoding="utf-8").replace('# "5.1" = ""', '"5.1" = "none"')
    file.write_text(text.replace('# "2.3" = []', '"2.3" = ["12", "Other: puns"]'), encoding="utf-8")
    again = by_hand.read(file)
    assert again.get("", "5.1").text == "none"
    assert again.get("", "2.3").written == ("Question answering", "Other: puns")
    assert again.get("overall", "4.1.1").written == ("Goodness",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[answers", "line 1, column 9: this is not valid TOML"),
        ('[answers]\n"9.9" = "a"', 'answers: HEDS 3.0 has no question "9.9"'),
        ('[answers]\n"4.1.1" = "Goodness"', "answers: question 4.1.1 belongs under [criteria.NAME]"),
        ('[criteria.a]\n"3.2.3" = "b"', "criteria.a: question 3.2.3 belongs under [answers]"),
        ('[answers]\n"3.1.2" = "by magic"', 'answers, question 3.1.2: no option is called "by magic"'),
        ('[answers]\n"3.1.2" = "1: why"', 'answers, question 3.1.2: no option is called "1: why"'),
        ('[answers]\n"3.1.2" = ["1", "2"]', "answers, question 3.1.2: one of the options, not several"),
        ('[answers]\n"3.3.6" = ["1", "5"]', "answers, question 3.3.6: option 5 goes with no other"),
        ('[answers]\n"3.2.1" = "many"', "answers, question 3.2.1: a whole number, or N/A"),
        ('[answers]\n"3.2.3" = " "', "answers, question 3.2.3: there is no answer"),
        ('[answers]\n"3.2.1" = 3', "expected a text, found 3"),
        ("[other]\na = 1", "other"),
    ],
)
def test_a_mistake_in_it_is_one_line_that_says_where(tmp_path, text, says):
    file = tmp_path / "grades.heds.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        by_hand.read(file)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_options_are_named_by_number_by_label_or_by_one_of_the_names_in_it():
    languages = questions()["2.4"]
    assert languages.answer("flemish, 41").written == ("Dutch, Flemish", "English")
    assert languages.answer("Other (please describe): Klingon").details == "Klingon"
    assert questions()["3.3.1"].answer("yes: https://osf.io/x").details == "https://osf.io/x"
    with pytest.raises(UnfitAnswerError):
        questions()["3.3.7"].answer("Evaluators carry out assessments in a lab")
