"""What is to be generated, and how an engine's events become responses: without a screen, and for one."""
