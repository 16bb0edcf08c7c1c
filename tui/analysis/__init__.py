"""Statistics over what was judged: pure functions, from the tidy rows to statements that hold."""
