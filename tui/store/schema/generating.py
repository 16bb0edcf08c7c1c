"""Tables of generation: weights, models, runs, imports, responses, known answers, claims and checks."""

from __future__ import annotations

from typing import Final

from tui.store.schema.columns import (
    ID,
    MOST,
    SEQ,
    Table,
    flag,
    json,
    number,
    one_of,
    sha256,
    text,
    time,
    uuid,
    whole,
    words,
)

ASKED: Final = "task, prompt_hash, model, model_config_hash, origin"
"""The columns that say which model was asked what. A response to another of them is another experiment."""

KNOWN_ORIGINS: Final = {"practice": "known:practice", "control": "known:control"}
"""The origin of known answers, by their role."""

OF_MODELS: Final = f"origin NOT IN ({', '.join(map(repr, KNOWN_ORIGINS.values()))})"
"""True of a response that a model gave: everything that counts, lists or compares models' answers asks it."""

_ASKED = (words("task"), sha256("prompt_hash"), words("model"), sha256("model_config_hash"), words("origin"))

WEIGHTS: Final = Table(
    "weights",
    (
        sha256("sha256"),
        text("adapter_sha256", "length(adapter_sha256) IN (0, 64)"),
        text("file"),
        whole("size", least=0),
        text("architecture"),
        text("description"),
        whole("parameters", least=0, known=False),
        json("files", "array"),
    ),
    key=("sha256", "adapter_sha256"),
)

MODELS: Final = Table(
    "models",
    (words("name"), sha256("config_hash"), text("title"), json("config", "object")),
    key=("name", "config_hash"),
)

RUNS: Final = Table(
    "runs",
    (ID, time("started_at"), text("app_version"), json("machine", "object"), json("settings", "object")),
)

IMPORTS: Final = Table(
    "imports",
    (ID, SEQ, time("imported_at"), words("file"), sha256("sha256"), words("format"), text("app_version")),
)

# The long texts stand last, so that reading the other columns need not walk through their pages.
RESPONSES: Final = Table(
    "responses",
    (
        ID,
        SEQ,
        uuid("run_id", known=False, refers="runs (id)"),
        uuid("import_id", known=False, refers="imports (id)"),
        time("created_at"),
        sha256("item_hash"),
        whole("prompt_number"),
        *_ASKED,
        one_of("origin_class", ("verified", "claimed", "unknown")),
        sha256("weights_sha256", known=False),
        text("adapter_sha256", "length(adapter_sha256) IN (0, 64)", known=False),
        whole("sample", least=1, most=MOST),
        whole("turn", least=1, most=MOST),
        uuid("follows", known=False, refers="responses (id)"),
        whole("seed", known=False),
        one_of("finish_reason", ("stop", "length", "cancelled", "failed", "unknown")),
        whole("prompt_tokens", least=0, known=False),
        whole("tokens", least=0, known=False),
        number("first_token_seconds"),
        number("seconds"),
        number("tokens_per_second"),
        text("engine_build", known=False),
        whole("threads", least=0, known=False),
        whole("gpu_layers", known=False),
        flag("extra_layouts", known=False),
        whole("parallel", least=1, known=False),
        json("sampling", "object", known=False),
        json("service", "object", known=False),
        sha256("template_sha256", known=False),
        text("error"),
        text("warnings"),
        words("lost_in_print", known=False),
        words("asked_otherwise", known=False),
        whole("reasoning_start", least=0, known=False),
        whole("reasoning_end", least=0, known=False),
        sha256("text_sha256"),
        text("text"),
        text("rendered_prompt", known=False),
        text("template", known=False),
    ),
    rules=(
        "CHECK (run_id IS NOT NULL OR import_id IS NOT NULL)",
        "CHECK ((follows IS NULL) = (turn = 1))",
        "CHECK ((reasoning_start IS NULL) = (reasoning_end IS NULL) AND reasoning_start <= reasoning_end)",
        "CHECK ((origin_class = 'verified') = (weights_sha256 IS NOT NULL))",
        "CHECK ((weights_sha256 IS NULL) = (adapter_sha256 IS NULL))",
        "FOREIGN KEY (weights_sha256, adapter_sha256) REFERENCES weights (sha256, adapter_sha256)",
        "FOREIGN KEY (model, model_config_hash) REFERENCES models (name, config_hash)",
        "FOREIGN KEY (item_hash, task, prompt_number, prompt_hash)"
        " REFERENCES items (hash, task, number, prompt_hash)",
    ),
    indexes=(
        # The newest response of each model to a prompt, and the next sample, from the index alone.
        f"{ASKED}, seq, id, finish_reason",
        f"{ASKED}, sample, seed, finish_reason",
        "task, prompt_number, seq, id",
        "text_sha256, id",
        "follows",
        "run_id",
    ),
)

# Content-addressed: the id of a response that is known covers all that it is given.
KNOWN_ANSWERS: Final = Table(
    "known_answers",
    (
        uuid("response_id", refers="responses (id)"),
        words("criterion"),
        words("level"),
        number("value", most=1, known=True),
        text("reason"),
    ),
    key=("response_id", "criterion"),
)
"""The level that a known answer deserves by each criterion."""

# Who is about to write which response; the row goes when it is stored. `owner` is a lock of a living process.
CLAIMS: Final = Table(
    "claims",
    (ID, text("owner"), time("claimed_at"), *_ASKED, whole("sample", least=1, most=MOST), whole("seed")),
    rules=(f"UNIQUE ({ASKED}, sample, seed)",),
    append_only=False,
)

CHECKS: Final = Table(
    "checks",
    (
        uuid("response_id", refers="responses (id)"),
        sha256("check_hash"),
        time("checked_at"),
        one_of("verdict", ("pass", "partial", "fail", "not decided")),
        json("evidence", "object"),
        text("build"),
    ),
    key=("response_id", "check_hash"),
)
