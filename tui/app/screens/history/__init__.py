"""The history of a grader on a screen: what they judged, and the way to each answer."""
