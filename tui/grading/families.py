"""Families of models, and their makers, as answers name them."""

from __future__ import annotations

from typing import Final, NamedTuple


class Family(NamedTuple):
    models: tuple[str, ...]
    makers: tuple[str, ...] = ()


FAMILIES: Final = (
    Family(("falcon",), ("tii", "technology innovation institute")),
    Family(("mpt",), ("mosaicml", "mosaic ml", "databricks")),
    Family(("alpaca", "alpaca lora"), ("stanford", "stanford university", "tatsu lab")),
    Family(("open assistant", "oasst"), ("laion",)),
    Family(("pythia", "gpt neox", "gpt neo", "gpt j"), ("eleuther", "eleuther ai")),
    Family(("chat gpt", "gpt", "instruct gpt", "davinci"), ("open ai",)),
    Family(("claude",), ("anthropic",)),
    Family(("llama", "code llama", "meta ai"), ("meta", "meta ai", "facebook", "facebook ai")),
    Family(
        ("bard", "gemini", "gemma", "palm", "lamda", "flan t5", "google assistant"),
        ("google", "google ai", "google research", "deepmind", "google deepmind"),
    ),
    Family(("mistral", "mixtral", "codestral"), ("mistral", "mistral ai")),
    Family(("phi", "orca", "copilot", "bing chat"), ("microsoft", "microsoft research")),
    Family(("qwen", "qwq"), ("alibaba", "alibaba cloud")),
    Family(("smollm", "smollm2", "smollm3", "zephyr", "starcoder", "huggingchat"), ("hugging face",)),
    Family(("bloom", "bloomz"), ("big science",)),
    Family(("vicuna",), ("lmsys",)),
    Family(("koala",), ("berkeley", "uc berkeley")),
    Family(("guanaco",), ("university of washington",)),
    Family(("dolly",), ("databricks",)),
    Family(("stablelm", "stable vicuna"), ("stability ai",)),
    Family(("deepseek",), ("deepseek",)),
    Family(("grok",), ("xai",)),
    Family(("cohere",), ("cohere",)),
    Family(("nemotron",), ("nvidia",)),
    Family(("granite",), ("ibm",)),
    Family(("chat glm", "glm"), ("zhipu", "zhipu ai", "tsinghua university")),
    Family(("olmo", "tulu"), ("ai2", "allen institute for ai")),
    Family(("nous hermes",), ("nous research",)),
    Family(("redpajama",), ("together ai",)),
    Family(("siri",), ("apple",)),
    Family(("alexa",), ("amazon",)),
    Family(("ernie", "ernie bot"), ("baidu",)),
    Family(("kimi",), ("moonshot ai",)),
    Family(("yi",), ("01.ai",)),
    Family(("internlm", "rwkv", "baichuan")),
)

MODELS: Final = frozenset(name for family in FAMILIES for name in family.models)
MAKERS: Final = frozenset(name for family in FAMILIES for name in family.makers)

DISTINCTIVE: Final = frozenset(
    (
        "alpaca lora", "open assistant", "oasst", "laion", "mosaicml", "mosaic ml", "eleuther ai",
        "technology innovation institute", "chat gpt", "instruct gpt", "open ai", "anthropic", "mixtral",
        "gpt neox", "stablelm", "smollm", "smollm2", "smollm3", "huggingchat", "nemotron", "redpajama",
    )
)  # fmt: skip
"""Names that stand for nothing else: of its own family, one anywhere in an answer names it."""
