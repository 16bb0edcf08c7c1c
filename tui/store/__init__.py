"""The SQLite database: responses and grades, append-only, and their export."""
