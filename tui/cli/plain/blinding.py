"""Commands about who wrote what: the guess, the reveal, and the look at what a report gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli.plain import words
from tui.cli.plain.reader import say
from tui.grading.agreement import LOOKING, LOOKING_IS_RECORDED, same_words
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.cli.plain.inputs import Input
    from tui.cli.plain.keys import Command
    from tui.cli.plain.reader import Reader
    from tui.grading.agreement import Beside
    from tui.grading.guessing import ToGuess
    from tui.grading.session import Session

YES = "yes"
HIDDEN = "Who wrote what is hidden. B shows it, for good, after a question."
FOR_GOOD = (
    "Show which model wrote each answer? This ends the blinding of this session for good, and what you judge"
    " in it from then on counts as judged after the reveal."
)
GUESS_FIRST = "You have not guessed who wrote what: G guesses first."
NOTHING_HIDDEN = "Nothing is hidden."
NO_GUESS = "There is nothing to guess now."
NO_REPORT = "No report has graded what you have graded."
NUMBER = "Number of the model, empty if you don't know: "


class OfAuthors:
    def __init__(self, reader: Reader, asked: Input) -> None:
        self._reader = reader
        self._session = reader.session
        self._input = asked
        self._has_looked = False
        self._beside: Sequence[Beside] = ()

    def reveal(self, command: Command) -> None:
        """Ask once, then name the models, here and from now on."""
        session = self._session
        if not session.blind:
            say(NOTHING_HIDDEN)
            return
        say(FOR_GOOD, *([GUESS_FIRST] if session.to_guess() and not session.has_guessed else []))
        if not self._is_sure(command, "B"):
            return
        session.reveal()
        guessed = session.guessed()
        say("Which model wrote each answer is shown from now on.", *([guessed.words] if guessed else []))
        self._reader.go_to(session.place)

    def guess(self, command: Command) -> None:
        """Who wrote some answers: asked one by one, or all in a line, `-` for one that is not known."""
        asked, models = self._session.to_guess(), self._session.guessable()
        if not asked:
            say(NO_GUESS)
            return
        if command.text is not None:
            for each, number in zip(asked, command.text.split(), strict=False):
                self._take(each, number, list(models))
            return
        listed = [f"{number} {safe_line(title)}" for number, title in enumerate(models.values(), 1)]
        for place, each in enumerate(asked, 1):
            say("", *_answer_lines(each, place, len(asked)), *listed)
            reply = self._input.ask(NUMBER)
            if reply is None:
                return
            self._take(each, reply, list(models))

    def look(self, command: Command) -> None:
        """One's own grades beside those of a report, and the way to an answer by its number."""
        text = command.text or ""
        if text.isdecimal() and self._beside:
            self._go_to(int(text))
            return
        if not self._session.agreement():
            say(NO_REPORT)
            return
        if self._session.blind and not self._has_looked:
            say(LOOKING, words.progress_words(self._session.progress()), LOOKING_IS_RECORDED)
            if not self._is_sure(command, "A"):
                return
        self._session.look("others")
        self._has_looked, self._beside = True, self._session.agreement()
        say(f"Your grades and the report's: {same_words(self._beside)}.")
        say(*(_beside_line(number, each) for number, each in enumerate(self._beside, 1)))
        number = self._input.ask("Number to go to: ") or ""
        if number.isdecimal():
            self._go_to(int(number))

    def _go_to(self, number: int) -> None:
        if number in range(1, len(self._beside) + 1):
            self._reader.find(self._beside[number - 1].response_id)
        else:
            say(f"The comparison has no number {number}.")

    def _take(self, of: ToGuess, number: str, models: Sequence[str]) -> None:
        if number.isdecimal() and int(number) in range(1, len(models) + 1):
            self._session.guess(of.response_id, models[int(number) - 1])
            say("Your guess is kept.")
        elif number not in ("", "-"):
            say(f"There is no model {safe_line(number)}.")

    def _is_sure(self, command: Command, key: str) -> bool:
        answer = self._input.ask(f"Type {YES} if you are sure: ") if command.text is None else command.text
        if answer == YES:
            return True
        say(f"Nothing was done. {key} {YES} does it.")
        return False


def ways_on(session: Session) -> Iterator[str]:
    """What can be done where all is judged."""
    if left := len(session.to_guess()):
        answers = "1 answer" if left == 1 else f"{left} answers"
        yield f"G guesses who wrote {answers}: it tells whether the blinding held."
    if session.blind:
        yield "B shows which model wrote each answer, for good."
    if session.agreement():
        yield "A puts your grades beside the report's."


def _answer_lines(of: ToGuess, place: int, count: int) -> Iterator[str]:
    yield f"Who wrote this? {place} of {count}: {words.item_title(of.item)}"
    yield from words.text_lines(of.text)


def _beside_line(number: int, each: Beside) -> str:
    subject = f"{each.item}, {each.model}" if each.model else each.item
    grades = f"yours {words.given_words(each.mine)}, the report's {words.given_words(each.theirs)}"
    return safe_line(f"{number}. {subject}: {grades}{'' if each.is_same else ', which differs'}")
