"""llm-grader: human evaluation of local language models in a terminal."""
