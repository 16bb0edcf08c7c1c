"""One document of what was found, as HTML, Markdown or LaTeX, and the words that say figures everywhere."""
