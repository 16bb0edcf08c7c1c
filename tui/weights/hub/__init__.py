"""The Hugging Face Hub as a client sees it: questions, transfers, and what goes wrong on the way."""
