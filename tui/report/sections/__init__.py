"""The sections of a report, a file for each kind of thing that it says."""
