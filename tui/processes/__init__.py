"""Processes: the start and end of this program's children, its own end, and locks between processes."""
