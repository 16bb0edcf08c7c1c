"""The bindings of the screens, each with an id under which a person can rebind it."""

from __future__ import annotations

from textual.binding import Binding

from tui.catalogue.rubric import MOST_LEVELS


def _binding(
    keys: str, action: str, name: str, description: str, tooltip: str, *, show: bool = True
) -> Binding:
    return Binding(keys, action, description, id=name, tooltip=tooltip, show=show)


GRADING = [
    Binding(
        str(number % 10),
        f"grade({number - 1})",
        f"Level {number}",
        id=f"grade-{number}",
        tooltip=f"Grade with level {number}",
        show=False,
    )
    for number in range(1, MOST_LEVELS + 1)
]

GENERATING = ("run", "run_again", "run_all", "write", "write_outside", "models")
"""Actions of a session in which answers are written."""

# In the order of the line at the bottom: what a narrow terminal cuts off is in the help as well.
MAIN = [
    _binding("space", "skip", "skip", "Skip", "Leave this answer ungraded and go on"),
    _binding("u,backspace", "undo", "undo", "Undo", "Take back the last grade"),
    _binding("n", "note", "note", "Note", "Write a note on this answer"),
    _binding("tab", "move_pane(1)", "next-pane", "Next", "Go to the next answer"),
    _binding("r", "run", "run", "Run", "Let every model answer this prompt"),
    _binding("escape", "stop", "stop", "Stop", "Stop the answer in this pane, or all if it is done"),
    _binding("right_square_bracket", "move_prompt(1)", "next-prompt", "Next prompt", "Go to the next prompt"),
    _binding("question_mark,f1", "help", "help", "Help", "All keys and marks"),
    _binding("q", "app.quit", "quit", "Quit", "Leave; everything graded is saved"),
    _binding("m", "models", "models", "Models", "What is here of each model; fetch one while you grade"),
    _binding(
        "i", "details", "details", "Details", "The whole prompt, what is correct, what earns each level"
    ),
    _binding("o", "prompts", "prompts", "Prompts", "Go to the list of prompts"),
    _binding("e", "write", "write", "Write", "Write a prompt of your own, or edit the one shown"),
    _binding(
        "shift+tab,h", "move_pane(-1)", "previous-pane", "Previous pane", "Go back one answer", show=False
    ),
    _binding("l", "move_pane(1)", "right-pane", "Pane to the right", "Go to the next answer", show=False),
    _binding(
        "left_square_bracket", "move_prompt(-1)", "previous-prompt", "Previous prompt", "Go back", show=False
    ),
    _binding(
        "j,down", "scroll_answer('down')", "scroll-down", "Scroll down", "Scroll the answer", show=False
    ),
    _binding("k,up", "scroll_answer('up')", "scroll-up", "Scroll up", "Scroll the answer", show=False),
    _binding(
        "pagedown", "scroll_answer('page_down')", "page-down", "Page down", "Scroll the answer", show=False
    ),
    _binding("pageup", "scroll_answer('page_up')", "page-up", "Page up", "Scroll the answer", show=False),
    _binding(
        "ctrl+d", "scroll_answer('half_down')", "half-page-down", "Half a page down", "Scroll", show=False
    ),
    _binding("ctrl+u", "scroll_answer('half_up')", "half-page-up", "Half a page up", "Scroll", show=False),
    _binding(
        "N",
        "note_last",
        "note-last",
        "Note on the last",
        "Write a note on the answer just judged",
        show=False,
    ),
    _binding(
        "x",
        "flag",
        "flag",
        "Flag",
        "Mark this answer for another look, with a reason; without one the flag goes",
    ),
    _binding("H", "history", "history", "History", "What you judged, newest first, and the way to it"),
    _binding(
        "t", "results", "results", "Results", "What the grades say: figures, and the way to each answer"
    ),
    _binding("slash", "search", "search", "Search", "Find a prompt by words in it"),
    _binding("g,home", "scroll_answer('home')", "top", "To the top", "Top of the answer", show=False),
    _binding("G,end", "scroll_answer('end')", "bottom", "To the end", "End of the answer", show=False),
    _binding("U", "redo", "redo", "Redo", "Bring back what was taken back", show=False),
    _binding(
        "full_stop",
        "next_open",
        "next-open",
        "Next open",
        "Go to the next answer without a grade",
    ),
    _binding("b", "blind", "blind", "Blind", "Hide who wrote what, in an order drawn anew", show=False),
    _binding("B", "reveal", "reveal", "Reveal", "Show who wrote what, for good: it asks first", show=False),
    _binding("s", "move_sample(1)", "next-sample", "Sample", "Another answer of this model", show=False),
    _binding("S", "move_sample(-1)", "previous-sample", "Sample before", "The answer before it", show=False),
    _binding("comma", "move_criterion(-1)", "previous-criterion", "Criterion", "The one before", show=False),
    _binding("semicolon", "move_criterion(1)", "next-criterion", "Criterion", "The next one", show=False),
    _binding("R", "run_again", "run-again", "Run again", "One more sample from this model", show=False),
    _binding(
        "ctrl+r",
        "run_all",
        "run-all",
        "Run all prompts",
        "Let every model answer every prompt, one after another",
        show=False,
    ),
    _binding(
        "I",
        "guidelines",
        "guidelines",
        "Guidelines",
        "What to go by in this task",
    ),
    _binding("z", "solo", "maximise", "Maximise", "One answer at a time, or all", show=False),
    _binding("Z", "compare", "compare", "Compare", "Two answers beside each other", show=False),
    _binding(
        "c",
        "scroll_together",
        "scroll-together",
        "Scroll both",
        "Both that are compared",
        show=False,
    ),
    _binding(
        "E",
        "write_outside",
        "write-outside",
        "Write in $EDITOR",
        "Write a prompt in your own editor",
        show=False,
    ),
    _binding("y", "copy", "copy", "Copy", "Copy this answer", show=False),
    _binding("v", "plain", "plain", "Markdown", "Laid out as Markdown, or as it was written", show=False),
]

PANES = [
    _binding(
        f"alt+{letter}",
        f"go_to_pane({place})",
        f"pane-{letter}",
        f"Pane {letter.upper()}",
        f"Go to answer {letter.upper()}",
        show=False,
    )
    for place, letter in enumerate("abcdefghi")
]

ANYWHERE = [
    _binding(
        "ctrl+z",
        "app.suspend_process",
        "suspend",
        "Suspend",
        "Go back to the shell; fg comes back",
        show=False,
    )
]
"""Keys of every screen with keys of its own."""

IN_A_LIST = [
    Binding("j", "cursor_down", "Down", show=False),
    Binding("k", "cursor_up", "Up", show=False),
    Binding("g", "first", "First", show=False),
    Binding("G", "last", "Last", show=False),
]
"""Steps in a list, beside the arrows."""

MODELS = [
    _binding("d", "download", "download", "Download", "Fetch this model, or go on where it was"),
    _binding("p", "pause", "pause", "Pause/go on", "Pause this download, or go on with it"),
    _binding("x", "cancel", "cancel", "Cancel", "End this download; what is here of it stays"),
    _binding("v", "verify", "verify", "Verify", "Read this model's file again and compare its sha256"),
    _binding("delete", "remove", "remove", "Remove", "Delete this model's file, after a question"),
    _binding("escape,m,q", "close", "close-models", "Back to grading", "Downloads go on meanwhile"),
]

RESULTS = [
    Binding(
        "enter",
        "open",
        "Open",
        id="open-answer",
        tooltip="The answer in this cell, with all that it was given",
        priority=True,
    ),
    _binding("r", "judge", "judge-again", "Judge", "Go to this answer, where it can be judged"),
    _binding("tab", "step_view(1)", "next-view", "Next view", "Matrix, models, pairs, differing, seconds"),
    _binding("shift+tab", "step_view(-1)", "previous-view", "View before", "Go back", show=False),
    _binding("f", "filter", "filter", "Filter", "Figures of one task, of one grader, or of the report's"),
    _binding("b", "blind_only", "blind-only", "Blind only", "Only what was judged blind, or all"),
    _binding("v", "next_measure", "next-measure", "Measure", "Strict, lenient or mean"),
    _binding("comma", "step_criterion(-1)", "criterion-before", "Criterion before", "Go back", show=False),
    _binding("semicolon", "step_criterion(1)", "criterion-after", "Criterion", "The next one"),
    _binding("question_mark,f1", "help", "results-help", "Help", "All keys and marks of the results"),
    _binding("escape,t,q", "close", "close-results", "Back", "Go back to the answers"),
]
