"""The results on a screen: figures of models, drawn, and the way to each answer."""
