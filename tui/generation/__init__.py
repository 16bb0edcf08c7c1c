"""Generation: a plan of responses, their recording from an engine's events, with or without a screen."""
