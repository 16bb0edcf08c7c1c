"""Imported prompts, which are rows of the database, in the app."""

from __future__ import annotations

from store.importing import import_rows

from tui.store.database import Store


async def test_imported_prompts_are_asked_and_graded_like_those_of_files(start, tmp_path):
    rows = tmp_path / "x.csv"
    rows.write_text('text,expected\n"One and one?",2\n"Two and two?",4\n')
    with Store.open(tmp_path / "grades.db") as store:
        import_rows(store, rows, as_task="sums")
    async with start(count=1) as bench:
        names = [item.name for item in bench.session.items]

        assert names[-2:] == ["sums/1", "sums/2"]
        await bench.press(*["]"] * names.index("sums/2"))
        await bench.shows("Two and two?")
        await bench.answered()
        await bench.press("3")
        await bench.until(lambda: bench.labels() == ["pass"])
        stored = {row["hash"] for row in bench.store.query("SELECT hash FROM items WHERE source = 'import'")}
        (response,) = bench.store.responses.all()
        assert response.item_hash in stored
        assert len(stored) == 2
