"""Textual's dark and light theme, with text that can be read: at least 4.5:1 on all that it stands on."""

from __future__ import annotations

from textual.theme import Theme

# Muted text is a part of black or white; coloured text is two thirds of a colour. What stands in a row under
# a cursor keeps its colour, so the cursor is a shade of the background.
DARK = Theme(
    name="textual-dark",
    primary="#0178D4",
    secondary="#004578",
    accent="#ffa62b",
    warning="#ffa62b",
    error="#ba3c5b",
    success="#4EBF71",
    foreground="#e0e0e0",
    variables={
        "text-muted": "auto 65%",
        "text-disabled": "auto 60%",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#1b3a57",
        "block-cursor-blurred-background": "#1c2733",
    },
)
LIGHT = Theme(
    name="textual-light",
    primary="#004578",
    secondary="#01569A",
    accent="#8a5000",
    warning="#b06400",
    error="#ba3c5b",
    success="#22804a",
    surface="#D8D8D8",
    panel="#D0D0D0",
    background="#E0E0E0",
    dark=False,
    variables={
        "text-muted": "auto 65%",
        "text-disabled": "auto 62%",
        "footer-key-foreground": "#004578",
        "block-cursor-foreground": "#000000",
        "block-cursor-background": "#bcd4ea",
        "block-cursor-blurred-background": "#d3dce4",
    },
)
