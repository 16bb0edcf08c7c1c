"""A name for each model, where several may have one."""

from __future__ import annotations

from collections import defaultdict

SHOWN, WHOLE = 4, 64


def names(models):
    """The name of each: a model is a name, the hash of its settings, and an origin."""
    alike = defaultdict(list)
    found = {}
    for model in sorted(set(models)):
        if ":" in model[2]:
            alike[model[0]].append(model)
        else:
            found[model] = f"{model[0]}@{model[2]}"
    for name, same in alike.items():
        found |= {same[0]: name} if len(same) == 1 else _apart(same)
    return found


def _apart(same):
    settings = [(model[1],) for model in same]
    origins = [(model[2].rpartition(":")[2],) for model in same]
    for parts in (settings, origins, [one + other for one, other in zip(settings, origins, strict=True)]):
        for length in range(SHOWN, WHOLE + 1):
            marks = ["-".join(part[:length] for part in each) for each in parts]
            if len(set(marks)) == len(same):
                return {model: f"{model[0]}~{mark}" for model, mark in zip(same, marks, strict=True)}
    raise ValueError(f"nothing tells these apart: {same}")
