"""Charts of intervals: as SVG, as a LaTeX picture, and as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from tui.report.html_text import line as html_line
from tui.report.latex_text import line
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.report.document import Bar, Chart

_WIDTH, _ROW, _TOP, _EDGE, _BOTTOM = 400, 34, 6, 8, 16
_CAP, _DOT = 4, 4.5
_PICTURE_WIDTH, _PICTURE_ROW = 120, 10
_CHARACTERS = 48
"""Of a label that is drawn on one line."""
_CELLS = 41
"""Of a bar in text."""


def svg(chart: Chart) -> str:
    """A figure. It is drawn narrow, so that it can be read on a phone; colours are the stylesheet's."""
    height = _TOP + _ROW * len(chart.bars) + _BOTTOM
    caption = html_line(chart.caption)
    told = html_line("; ".join(f"{bar.label} {bar.told}" for bar in chart.bars))
    parts = [*_grid(chart, height - _BOTTOM), *_rows(chart)]
    return (
        f'<figure>\n<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{caption}: {told}">\n'
        + "\n".join(parts)
        + f"\n</svg>\n<figcaption>{caption}</figcaption>\n</figure>\n"
    )


def _grid(chart: Chart, bottom: int) -> Iterator[str]:
    for tick in chart.ticks:
        x = _x(chart, tick)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{bottom}"/>'
        anchor = "start" if tick == chart.ticks[0] else "end" if tick == chart.ticks[-1] else "middle"
        edge = {"start": x - _EDGE / 2, "end": x + _EDGE / 2}.get(anchor, x)
        yield f'<text class="tick" x="{edge:.1f}" y="{bottom + 11}" text-anchor="{anchor}">{tick:g}</text>'


def _rows(chart: Chart) -> Iterator[str]:
    for place, bar in enumerate(chart.bars):
        y = _TOP + _ROW * place
        low, middle, high = (_x(chart, value) for value in (bar.low, bar.estimate, bar.high))
        across = y + 22
        yield f'<text x="{_EDGE}" y="{y + 10}">{html_line(_label(bar))}</text>'
        yield (f'<text x="{_WIDTH - _EDGE}" y="{y + 10}" text-anchor="end">{html_line(bar.told)}</text>')
        yield f'<path class="bar" fill="none" d="{_interval(low, high, across)}"/>'
        yield (
            f'<path class="dot" d="M{middle:.1f} {across - _DOT}L{middle + _DOT:.1f} {across}'
            f'L{middle:.1f} {across + _DOT}L{middle - _DOT:.1f} {across}Z"/>'
        )


def _interval(low: float, high: float, y: int) -> str:
    ends = "".join(f"M{x:.1f} {y - _CAP}V{y + _CAP}" for x in (low, high))
    return f"M{low:.1f} {y}H{high:.1f}{ends}"


def _x(chart: Chart, value: float) -> float:
    return _EDGE + _share(chart, value) * (_WIDTH - 2 * _EDGE)


def _share(chart: Chart, value: float) -> float:
    """Where it lies between the ends, from 0 to 1."""
    first, last = chart.ticks[0], chart.ticks[-1]
    return min(1.0, max(0.0, (value - first) / (last - first)))


def _label(bar: Bar, most: int = _CHARACTERS) -> str:
    label = safe_line(bar.label)
    return label if len(label) <= most else label[: most - 1] + "…"


def picture(chart: Chart) -> str:
    """LaTeX's own picture, for which no package is needed. Lengths are in millimetres."""
    height = _PICTURE_ROW * len(chart.bars)
    parts = [
        "\\par\\medskip{\\small\\setlength{\\unitlength}{1mm}",
        f"\\begin{{picture}}({_PICTURE_WIDTH},{height + 5})(0,-5)",
        *_picture_grid(chart, height),
        *_picture_rows(chart, height),
        "\\end{picture}}\\par",
        f"\\emph{{{line(chart.caption)}}}\\par\\medskip",
    ]
    return "\n".join(parts) + "\n"


def _picture_grid(chart: Chart, height: int) -> Iterator[str]:
    for tick in chart.ticks:
        x = _share(chart, tick) * _PICTURE_WIDTH
        yield f"\\put({x:.2f},-1){{\\line(0,1){{1}}}}\\put({x:.2f},-4.5){{\\makebox(0,3){{{tick:g}}}}}"
    yield f"\\put(0,0){{\\line(1,0){{{_PICTURE_WIDTH}}}}}"


def _picture_rows(chart: Chart, height: int) -> Iterator[str]:
    for place, bar in enumerate(chart.bars, 1):
        y = height - _PICTURE_ROW * place
        low, middle, high = (
            _share(chart, value) * _PICTURE_WIDTH for value in (bar.low, bar.estimate, bar.high)
        )
        yield f"\\put(0,{y + 5}){{\\makebox(0,4)[l]{{{line(_label(bar))}}}}}"
        yield f"\\put({_PICTURE_WIDTH},{y + 5}){{\\makebox(0,4)[r]{{{line(bar.told)}}}}}"
        yield f"\\put({low:.2f},{y + 3}){{\\line(1,0){{{high - low:.2f}}}}}"
        for x in (low, high):
            yield f"\\put({x:.2f},{y + 2}){{\\line(0,1){{2}}}}"
        yield f"\\put({middle:.2f},{y + 3}){{\\circle*{{1.6}}}}"


def text(chart: Chart) -> str:
    """A line for each bar, under the ends of the scale."""
    width = max((cell_len(_label(bar)) for bar in chart.bars), default=0)
    first, last = f"{chart.ticks[0]:g}", f"{chart.ticks[-1]:g}"
    lines = [" " * width + "  " + first + last.rjust(_CELLS - len(first))]
    for bar in chart.bars:
        label = set_cell_size(_label(bar), width)
        lines.append(f"{label}  {_cells(chart, bar)}  {safe_line(bar.told)}")
    return "\n".join(lines)


def _cells(chart: Chart, bar: Bar) -> str:
    low, middle, high = (
        round(_share(chart, value) * (_CELLS - 1)) for value in (bar.low, bar.estimate, bar.high)
    )
    cells = [" " if place < low or place > high else "─" for place in range(_CELLS)]
    cells[low], cells[high] = "├", "┤"
    cells[middle] = "●"
    return "".join(cells)
