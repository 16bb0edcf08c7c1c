"""All figures of docs/statistics.md, worked out by numpy from the folder of `llm-grader export --what all -o FOLDER`
and by nothing of the program. `python -m again FOLDER` prints them as JSON."""
