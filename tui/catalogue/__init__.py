"""The catalogue: models, chat templates, tasks, prompts and rubrics as typed objects."""
