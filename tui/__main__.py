"""Where the program starts: heeding signals comes first, as the rest takes a while to import."""

from __future__ import annotations

from tui.processes.signals import listen


def main() -> None:
    listen()
    from tui.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
