"""All figures of docs/statistics.md again, from the folder of `llm-grader export --what all -o FOLDER` and with
nothing of the program. `python -m again FOLDER` prints them as JSON."""
