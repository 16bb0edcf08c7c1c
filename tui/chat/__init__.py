"""From messages to the text a model reads, cut where its template wrote special tokens."""
