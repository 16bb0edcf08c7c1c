"""The main screen: prompts on the left, one pane per model, the rubric and its keys below."""

from __future__ import annotations

from tui.app.keys import GRADING, MAIN
from tui.app.screens.grading_actions import GradingActions
from tui.app.screens.model_actions import ModelActions
from tui.app.screens.view_actions import ViewActions


class MainScreen(GradingActions, ModelActions, ViewActions):
    CSS_PATH = "main.tcss"
    BINDINGS = [*GRADING, *MAIN]
