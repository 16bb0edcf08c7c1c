"""Judgements in the shapes that other programs read: training data, and votes of an arena."""
