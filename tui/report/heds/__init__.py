"""The human evaluation datasheet HEDS 3.0: its questions, and their answers from what is known."""
