"""The screens: the main one, the models, and dialogs over them."""
