"""The exceptions a person may see: each says what happened, to which file or model, and what to do."""


class GraderError(Exception):
    """A failure explained in one or two lines; the command line prints it without a traceback."""

    exit_code = 1


class UsageError(GraderError):
    """The request itself cannot be right: an unknown name, an impossible combination."""

    exit_code = 2


class ConfigError(GraderError):
    """A mistake in a file the person wrote: configuration, models or prompts."""


class WeightsError(GraderError):
    """Weights that are missing, unreadable or not what they should be."""


class EngineError(GraderError):
    """The engine could not load weights or generate."""


class StoreError(GraderError):
    """The database could not be opened, read or written."""


class StoreBusyError(StoreError):
    """Another program is writing to the database; what it would not take now, it will later."""


class StoreBlockedError(StoreError):
    """Nothing can be written to the database until a person has seen to it: the disk is full, the file is
    gone, may not be written, or is damaged."""
