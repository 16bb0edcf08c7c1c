"""Automatic verdicts on responses, beside the judgements of graders."""
