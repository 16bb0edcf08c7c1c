"""One document from figures and rows, as HTML, Markdown or LaTeX, and the words that say figures everywhere."""
