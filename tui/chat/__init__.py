"""Chat templates: the text that a model reads, cut where its template wrote special tokens."""
