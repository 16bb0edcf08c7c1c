from tiny_gguf import write_tiny

from tui.catalogue.model import Model, Source
from tui.memory import fit


def a_model(*sizes_gb: float) -> Model:
    quantisations = ("Q4_K_M", "Q2_K")
    sources = tuple(
        Source(repo="o/r", file=f"{name}.gguf", size_gb=size, quantisation=name)
        for name, size in zip(quantisations, sizes_gb, strict=False)
    )
    return Model(
        name="falcon", title="Falcon-40B", licence="", architecture="falcon", sources=sources or (OWN,)
    )


OWN = Source(path="/nowhere/own.gguf")


def test_what_needs_more_than_this_machine_has_is_too_large(monkeypatch):
    monkeypatch.setattr(fit, "free_memory", lambda: 14_100_000_000)
    monkeypatch.setattr(fit, "total_memory", lambda: 20_000_000_000)
    words = {}
    for size in (4.0, 15.8, 25.5):
        words[size] = fit.fit_of(a_model(size)).word
    assert words == {4.0: "fits", 15.8: "tight", 25.5: "too large"}


def test_a_model_that_does_not_fit_is_told_with_a_smaller_file_of_it(monkeypatch):
    monkeypatch.setattr(fit, "free_memory", lambda: 14_100_000_000)
    model = a_model(25.5, 15.8)
    assert fit.fit_of(model).line == ("Falcon-40B Q4_K_M needs 26.2 GB, 14.1 free: will not fit; Q2_K 16.5")


def test_a_file_that_is_here_is_fitted_by_its_own_header(tmp_path):
    path = write_tiny(tmp_path / "tiny.gguf")
    needed = fit.fit_of(a_model(25.5), path).needed
    assert needed < 100_000_000


def test_nothing_is_said_of_a_file_of_which_nothing_is_known():
    unknown = fit.fit_of(a_model())
    assert (unknown.word, unknown.needed, unknown.can_load) == ("unknown", None, None)
    assert unknown.line == "Falcon-40B: its size is not known"
