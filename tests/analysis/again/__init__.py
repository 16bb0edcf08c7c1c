"""All figures of docs/statistics.md, worked out from the folder of `llm-grader export --what all -o FOLDER` by
numpy and nothing of the program. `python -m again FOLDER` prints them as JSON."""
