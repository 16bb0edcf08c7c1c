"""All figures of docs/statistics.md, from the folder of `llm-grader export --what all -o FOLDER`, without the
program. `python -m again FOLDER` prints them as JSON."""
