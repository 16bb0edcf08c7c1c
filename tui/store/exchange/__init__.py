"""Exchange with other programs: export to CSV and JSON lines, and import of answers made elsewhere."""
