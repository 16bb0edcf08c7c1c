"""A task as a person writes it."""

TASK = """
name = "sums"
title = "Sums"
[[levels]]
label = "fail"
key = "f"
value = 0
anchor = "wrong"
[[levels]]
label = "pass"
key = "p"
value = 1
anchor = "right"
"""
PROMPT = """
[[prompts]]
number = 1
title = "One and one"
text = "What is 1 + 1?"
"""
