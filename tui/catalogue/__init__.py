"""What can be run and what is asked: models, chat templates, tasks, prompts and rubrics as typed objects."""
