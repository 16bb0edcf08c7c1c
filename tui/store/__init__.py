"""The SQLite database: responses and grades, append-only, and their exchange with other programs."""
