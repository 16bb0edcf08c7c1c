"""Every path from a model to text in the app, in plain mode and in the commands of a session, and how each is
visited in a blind session. What is new and not here fails a test."""

from __future__ import annotations

from typing import NamedTuple

STEMS = (
    "quokka",
    "numbat",
    "wombat",
    "dingo",
    "bilby",
    "taipan",
    "cassowary",
    "echidna",
    "potoroo",
    "fetchable",
)
"""Of titles, names, files, licences, makers, errors, warnings, prompts as rendered, and settings."""
FIGURES = ("4711", "47.5", "tok/s")
"""Token counts and speeds."""
TYPED = "quokk"
"""What a person types who looks for a model: no whole stem, as it is drawn where it is typed."""


class Way(NamedTuple):
    """Keys, what then stands on the screen, and the keys back. `visits` are screens and ids of bindings."""

    keys: str
    shows: str
    back: str = ""
    visits: tuple[str, ...] = ()


ESCAPE, TAB, BACK_TAB, ENTER = "\x1b", "\t", "\x1b[Z", "\r"
PALETTE, RUN_ALL, HALF_DOWN, HALF_UP = "\x10", "\x12", "\x04", "\x15"

LOOKING = (
    Way("?", "All keys and marks", ESCAPE, ("HelpScreen", "help")),
    Way("i", "This answer|Answer A", ESCAPE, ("DetailsScreen", "details")),
    Way("nodd" + ENTER, "note: odd", "", ("NoteScreen", "note")),
    Way("xwhy" + ENTER, "flagged: why", "", ("flag",)),
    Way("y", "copied|clipboard", "", ("copy",)),
    Way("o", "names hidden", TAB, ("prompts",)),
    Way("/" + TYPED, "no prompt has these words", ESCAPE, ("SearchScreen", "search")),
    Way("H/" + TYPED, "None of these has the words", ESCAPE * 2, ("HistoryScreen", "history")),
    Way("H2", "not graded", ESCAPE, ()),
    Way("t", "Results come", "", ("results",)),
    Way("I", "Guidelines", "I", ("guidelines",)),
    Way("z", "others", "z", ("maximise",)),
    Way("Z", "Z: back", "c" + ESCAPE, ("compare", "scroll-together")),
    Way("v", "Markdown", "v", ("plain",)),
    Way("b", "You grade blind already", "", ("blind",)),
    Way("s", "How many answers", "", ("next-sample",)),
    Way("S", "How many answers", "", ("previous-sample",)),
    Way(PALETTE + TYPED, "No matches", ESCAPE, ("CommandPalette", "SystemCommandsProvider")),
    Way(PALETTE + "Light or" + ENTER, "names hidden", "", ()),
    Way(PALETTE + "Light or" + ENTER, "names hidden", "", ()),
    Way("B", "Show which model wrote each answer?", "n", ("reveal", "ConfirmScreen")),
    Way("jkgG" + HALF_DOWN + HALF_UP, "names hidden", "", ("scroll-down", "scroll-up", "top", "bottom")),
    Way("\x1b[6~\x1b[5~", "names hidden", "", ("page-down", "page-up", "half-page-down", "half-page-up")),
    Way(TAB + BACK_TAB + "lh,;", "names hidden", "", ("next-pane", "previous-pane", "right-pane")),
    Way("][", "names hidden", "", ("next-prompt", "previous-prompt")),
    Way(",;", "names hidden", "", ("previous-criterion", "next-criterion")),
)
"""With stored answers, and where they are written, too."""

STORED = (
    Way("r", "Stored answers are graded here", "", ("run",)),
    Way("R", "Stored answers are graded here", "", ("run-again",)),
    Way(RUN_ALL, "Stored answers are graded here", "", ("run-all",)),
    Way("m", "Stored answers are graded here", "", ("models",)),
    Way("e", "Stored answers are graded here", "", ("write",)),
    Way("E", "Stored answers are graded here", "", ("write-outside",)),
    Way(ESCAPE, "names hidden", "", ("stop",)),
)

WRITTEN = (
    Way("m", "The models are hidden", "", ("ModelsScreen",)),
    Way("e", "Ctrl|ctrl|^s|Save", ESCAPE, ("ComposePromptScreen",)),
    Way(RUN_ALL, "Every model has answered every prompt", "", ()),
    Way("r", "names hidden", "", ()),
)

JUDGING = (
    Way("3", "graded 1 of", "", ()),
    Way("Nlast" + ENTER, "names hidden", "", ("note-last",)),
    Way("u", "Took back", "", ("undo",)),
    Way("u", "Took back", "", ()),
    Way("U", "Brought back", "", ("redo",)),
    Way("U", "Brought back", "", ()),
    Way("  ", "graded 2 of", "", ("skip",)),
    Way(".", "names hidden", "", ("next-open",)),
)

ENDED = (
    Way("a", "Looking now is recorded", "n", ("EndScreen",)),
    Way("ay", "the same", ESCAPE, ("AgreementScreen",)),
    Way("B", "g guesses first", "n", ()),
)
"""Where all is judged."""

BESIDE = {
    "GuessScreen": "the one place where models are named before the reveal; visited after the count",
    "ChoiceScreen": "is there before a session is: its choices name no model of the database",
    **dict.fromkeys(
        ("OfferScreen", "PracticeDialog", "LessonScreen", "PracticeEndScreen"),
        "practice is over before a session begins, and its answers are no model's",
    ),
    **dict.fromkeys(
        ("ResultsScreen", "AnswerScreen", "FilterScreen", "ResultsHelpScreen"),
        "opens in no blind session: the way to it says so",
    ),
    "quit": "each run ends with it",
}

COMMANDS = {
    "grade": "visited, in the app and plain",
    "demo": "visited: the app on a scripted engine",
    "export": "tests/store: masks models of blind sessions",
    "results": "tests/cli/test_results.py: leaves out what blind sessions ask",
    "report": "tests/report: masks models of blind sessions, in the datasheet, too",
    "verify-seal": "prints ids and hashes, and no text or name",
    **dict.fromkeys(
        ("convert", "doctor", "import", "init", "locate", "merge", "models", "prompts", "pull", "run"),
        "names models that are here, and no answer of theirs",
    ),
}

PLAIN = (
    *("i", "I", "?", "z", "j", "k", "g", "v", "n odd", "x why", "3", "N last", "u", "u", "U", "U", " ", "\t"),
    *(
        "l",
        "h",
        ",",
        ";",
        "]",
        "[",
        ".",
        "s",
        "S",
        f"/{TYPED}",
        f"H {TYPED}",
        "H open",
        "H",
        "alt+a",
        "alt+b",
    ),
    *("2", "1", "A", "B", "A yes"),
)
"""Commands of plain mode; `G` names models, as the guess in the app does."""
