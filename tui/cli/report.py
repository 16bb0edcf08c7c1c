"""llm-grader report"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tui.cli import options
from tui.cli.options import OUTPUT
from tui.cli.streams import standard_output
from tui.processes.signals import interrupting
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.results import Filters
    from tui.report.material import Answers, Circumstances, Material
    from tui.report.report import Format
    from tui.store.database import Store
    from tui.store.figure_rows import FigureRows

_ENDINGS: dict[str, Format] = {
    ".html": "html", ".htm": "html", ".md": "md", ".markdown": "md", ".tex": "latex",
}  # fmt: skip


class _Files(NamedTuple):
    document: Path | None
    format: Format
    heds: Path | None
    has_document: bool
    """False where only the datasheet was asked for."""


@click.command("report")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["html", "md", "latex"]),
    help="Format; default: as the file's name ends, else html.",
)
@options.figures
@click.option(
    "--answers",
    type=click.Choice(["all", "judged", "none"]),
    default="all",
    show_default=True,
    help="Which answers are printed in full.",
)
@options.baseline
@options.resampling_seed
@click.option("--heds", type=OUTPUT, help="Write the datasheet as JSON for the form of HEDS 3.0.")
@click.option("--ask", is_flag=True, help="Be asked what only you know of the datasheet, and keep it.")
@click.option(
    "--heds-answers",
    "answers_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of these answers; default: NAME.heds.toml beside the database NAME.db.",
)
@click.option("-o", "--output", type=OUTPUT, help="A file; default: standard output.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@options.demo
@options.db
@interrupting()
def command(
    file_format: Format | None,
    tasks: tuple[str, ...],
    prompts: tuple[str, ...],
    models: tuple[str, ...],
    graders: tuple[str, ...],
    criterion: str | None,
    blind: bool,
    answers: Answers,
    baseline: str | None,
    seed: int,
    heds: Path | None,
    ask: bool,
    answers_file: Path | None,
    output: Path | None,
    force: bool,
    demo: bool,
    db: Path | None,
) -> None:
    """Write one document of all that was asked, answered, judged and found.

    HTML has no script and loads nothing from elsewhere. LaTeX is for pdflatex, or lualatex where answers are
    in other scripts. While a session is blind, who wrote its answers is hidden.

    With --heds or --ask alone there is no document, but where -o or --format asks for one.
    """
    from tui import paths
    from tui.analysis.results import Filters
    from tui.report.heds import by_hand
    from tui.report.material import material
    from tui.store.database import Store
    from tui.store.exchange.built_in import printed_report

    has_document = bool(output or file_format or not (heds or ask))
    files = _Files(output, _format(file_format, output), heds, has_document)
    filters = Filters(
        tasks=tasks, prompts=prompts, models=models, graders=graders, criterion=criterion, blind_only=blind
    )
    wanted: dict[str, Any] = {"seed": seed, "answers": answers, "report": printed_report(baseline)}
    place = db or paths.database_file(demo=demo)
    file = answers_file or by_hand.beside(place)
    written_by = _circumstances(filters, seed=str(seed), answers=answers, baseline=baseline)
    with Store.open(place, create=False) as store:
        if ask:
            _ask(store, filters, written_by, file)
        if not (files.has_document or heds):
            return
        answered = by_hand.read(file)
        found = _looked_at(store, filters)
        with store.snapshot():
            of = material(store, filters, written_by, found=found, by_hand=answered, **wanted)
            _tell(of, list(_write(of, files, force=force)), store.remarks.take(), demo=demo, db=db)


def _looked_at(store: Store, filters: Filters) -> FigureRows:
    """The rows of the figures, after the look at them is recorded."""
    from tui.report.material import chosen
    from tui.store.looking import look

    found = chosen(store, filters)
    return found._replace(looks=look(store, found.sessions, "report"))


def _ask(store: Store, filters: Filters, written_by: Circumstances, file: Path) -> None:
    """No figure is shown, so that it is no look at results."""
    from tui.cli.report_ask import ask_all
    from tui.report.heds.criteria import criteria
    from tui.report.material import material

    with store.snapshot():
        of = material(store, filters, written_by, seed=0, answers="none")
        names = [each.name for each in criteria(of)]
    ask_all(file, names)


def _write(of: Material, files: _Files, *, force: bool) -> Iterator[Path]:
    """The files that were written. The datasheet may come before anybody has judged."""
    from tui.report.heds.datasheet import write_form
    from tui.report.report import write
    from tui.store.files import write_file_atomically

    if of.is_judged and files.has_document:
        if files.document:
            write_file_atomically(
                files.document, lambda stream: write(of, files.format, stream), overwrite=force
            )
            yield files.document
        else:
            write(of, files.format, standard_output())
    if files.heds:
        write_file_atomically(files.heds, lambda stream: write_form(of, stream), overwrite=force)
        yield files.heds


def _circumstances(filters: Filters, **others: str | None) -> Circumstances:
    from tui.generation.provenance import app_version
    from tui.report.material import Circumstances
    from tui.store.ids import now

    return Circumstances(now()[:10], app_version(), shlex.join(_words(filters, others)))


def _words(filters: Filters, others: dict[str, str | None]) -> Iterator[str]:
    """The command without places of this machine, which are nobody else's business."""
    yield from ("llm-grader", "report")
    named = {
        "-t": filters.tasks, "-p": filters.prompts, "-m": filters.models, "--grader": filters.graders,
        "--criterion": [filters.criterion], **{f"--{name}": [value] for name, value in others.items()},
    }  # fmt: skip
    for option, values in named.items():
        for value in filter(None, values):
            yield from (option, value)
    if filters.blind_only:
        yield "--blind"


def _format(named: Format | None, output: Path | None) -> Format:
    """The format that is named, or that the file's name ends in."""
    from tui.errors import UsageError
    from tui.toml.mistakes import shown

    ending = _ENDINGS.get(output.suffix.lower()) if output else None
    if output and named and ending and ending != named:
        raise UsageError(f"{shown(output.name)} ends as {ending} does, and --format asks for {named}.")
    return named or ending or "html"


def _tell(of: Material, files: list[Path], remarks: list[str], *, demo: bool, db: Path | None) -> None:
    from tui.cli.hidden import how_it_ends
    from tui.cli.results_output import nothing

    lines = list(remarks)
    if of.blind and of.is_judged:
        ends = how_it_ends(of.blind, demo=demo, db=db)
        lines.append(f"Hidden: who wrote the answers that {of.blind[0].grader} judges blind. {ends}")
    if not of.is_judged:
        lines.append(nothing(bool(of.tasks)))
    lines += [f"written to {each}" for each in files]
    for line in lines:
        click.echo(safe_line(line), err=True)
