"""Tiny GGUF files of the four architectures, for tests that want the real llama.cpp without real weights.

Without `recite` the weights are random, from a seed. With it the model writes exactly that text after any
prompt and ends: the token embeddings are one-hot, attention and feed-forward add nothing, and the output
matrix holds for each token the one that comes next. Characters are spread over byte tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import gguf
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ARCHITECTURES = ("llama", "mpt", "gptneox", "falcon")
PRE_TOKENIZERS = {"mpt": "mpt", "gptneox": "olmo", "falcon": "falcon"}
SPECIAL_TOKENS = (
    "<|endoftext|>",
    "<s>",
    "</s>",
    "<|im_start|>",
    "<|im_end|>",
    "<|prompter|>",
    "<|assistant|>",
)
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}<|im_start|>assistant\n"
)

_HEADS = 4
_RANDOM_WIDTH = 64
_FEED_FORWARD = 32


class Token(NamedTuple):
    text: str
    kind: gguf.TokenType = gguf.TokenType.NORMAL


class Vocabulary:
    """Byte tokens first, then special tokens, a few words, and what a recital needs."""

    def __init__(self, *, sentencepiece: bool) -> None:
        self.sentencepiece = sentencepiece
        self.tokens: list[Token] = []
        self._ids: dict[str, int] = {}
        if sentencepiece:
            self.add("<unk>", gguf.TokenType.UNKNOWN)
        kind = gguf.TokenType.BYTE if sentencepiece else gguf.TokenType.NORMAL
        self.bytes = [self.add(self.byte(value), kind) for value in range(256)]
        for text in SPECIAL_TOKENS:
            self.add(text, gguf.TokenType.CONTROL)
        self.merges = [] if sentencepiece else _MERGES
        for text in _PIECES if sentencepiece else ["".join(merge.split()) for merge in _MERGES]:
            self.add(text)

    def byte(self, value: int) -> str:
        return f"<0x{value:02X}>" if self.sentencepiece else _BYTE_LETTERS[value]

    def spelled(self, text: str) -> str:
        """A text as the vocabulary writes it."""
        if self.sentencepiece:
            return text.replace(" ", "▁")
        return "".join(_BYTE_LETTERS[value] for value in text.encode())

    def add(self, text: str, kind: gguf.TokenType = gguf.TokenType.NORMAL) -> int:
        if text not in self._ids:
            self._ids[text] = len(self.tokens)
            self.tokens.append(Token(text, kind))
        return self._ids[text]

    def __getitem__(self, text: str) -> int:
        return self._ids[text]

    def recital(self, text: str) -> list[int]:
        """Tokens that write `text`, none twice: characters byte by byte while those bytes are unused.

        A character of one byte goes with its successor, since a prompt may end with it.
        """
        ids: list[int] = []
        start = 0
        while start < len(text):
            spelling = [self.bytes[value] for value in text[start].encode()]
            if len(spelling) > 1 and len(set(spelling)) == len(spelling) and not set(spelling) & set(ids):
                ids += spelling
                start += 1
                continue
            end = min(start + 2, len(text))
            while (token := self.add(self.spelled(text[start:end]))) in ids:
                end += 1
                assert end <= len(text), f"{text!r} repeats itself too much to be recited"
            ids.append(token)
            start = end
        return ids


def write_tiny(
    path: Path,
    architecture: str = "llama",
    *,
    recite: str | None = None,
    ends_with: str | None = None,
    chat_template: str | None = CHAT_TEMPLATE,
    pre: str | None = "",
    context_length: int = 2048,
    seed: int = 0,
    declared_architecture: str = "",
    repeat_a_token: bool = False,
    added: Mapping[str, np.ndarray] | None = None,
    shards: int = 1,
    small_first_shard: bool = False,
) -> Path:
    """Returns the first of its `shards`, of which a small one holds no tensors. `ends_with` is
    the special token after the recital, the architecture's own end of text by default.
    `added` is added to the tensors of these names.

    pre "" is the architecture's own pre-tokenizer, None leaves the key out. Repeating a token makes
    llama.cpp abort while it loads.
    """
    vocabulary = Vocabulary(sentencepiece=architecture == "llama")
    end = ends_with or ("</s>" if architecture == "llama" else "<|endoftext|>")
    recital = [*vocabulary.recital(recite), vocabulary[end]] if recite is not None else None
    width = -(-len(vocabulary.tokens) // 64) * 64 if recital else _RANDOM_WIDTH
    weights = _Weights(architecture, len(vocabulary.tokens), width, seed)
    tensors = weights.reciting(recital) if recital else weights.random()
    most = -(-len(tensors) // (shards - small_first_shard)) if shards > 1 else 0
    name = declared_architecture or architecture
    writer = gguf.GGUFWriter(path, name, split_max_tensors=most, small_first_shard=small_first_shard)
    _write_shape(writer, architecture, width, context_length)
    pre = PRE_TOKENIZERS.get(architecture) if pre == "" else pre
    add_vocabulary(writer, vocabulary, pre=pre, repeat_a_token=repeat_a_token)
    if chat_template is not None:
        writer.add_chat_template(chat_template)
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor + (added or {}).get(name, np.float32(0)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path if shards == 1 else path.with_name(f"{path.stem}-00001-of-{shards:05}.gguf")


def write_tiny_adapter(path: Path, *, recite: str, up_to: str) -> Path:
    """A LoRA adapter for the llama weights that recite the first text: it makes them end after `up_to`."""
    vocabulary = Vocabulary(sentencepiece=True)
    vocabulary.recital(recite)
    last = vocabulary.recital(up_to)[-1]
    size = len(vocabulary.tokens)
    width = -(-size // 64) * 64
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, 1.0)
    down, up = np.zeros((1, width), np.float32), np.zeros((size, 1), np.float32)
    down[0, last] = 1.0
    up[vocabulary["</s>"], 0] = 2.0
    writer.add_tensor("output.weight.lora_a", down)
    writer.add_tensor("output.weight.lora_b", up)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_cut_short(path: Path, *, keep: float = 0.5) -> Path:
    """A file whose download stopped on the way."""
    data = write_tiny(path).read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    return path


def _write_shape(writer: gguf.GGUFWriter, architecture: str, width: int, context_length: int) -> None:
    writer.add_name(f"tiny {architecture}")
    writer.add_context_length(context_length)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(_HEADS)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    if architecture == "llama":
        writer.add_layer_norm_rms_eps(1e-5)
    else:
        writer.add_layer_norm_eps(1e-5)
    if architecture in ("llama", "gptneox"):
        writer.add_rope_dimension_count(width // _HEADS)
    if architecture == "gptneox":
        writer.add_parallel_residual(True)
    if architecture == "falcon":
        writer.add_head_count_kv(1)
    if architecture == "mpt":
        writer.add_max_alibi_bias(8.0)


def add_vocabulary(
    writer: gguf.GGUFWriter, vocabulary: Vocabulary, *, pre: str | None = None, repeat_a_token: bool = False
) -> None:
    texts = [token.text for token in vocabulary.tokens]
    if repeat_a_token:
        texts[-1] = texts[-2]
    writer.add_token_list(texts)
    writer.add_token_types([token.kind for token in vocabulary.tokens])
    if vocabulary.sentencepiece:
        writer.add_tokenizer_model("llama")
        writer.add_token_scores([-float(index) for index in range(len(texts))])
        writer.add_bos_token_id(vocabulary["<s>"])
        writer.add_eos_token_id(vocabulary["</s>"])
        writer.add_unk_token_id(vocabulary["<unk>"])
        writer.add_add_bos_token(True)
        return
    writer.add_tokenizer_model("gpt2")
    if pre is not None:
        writer.add_tokenizer_pre(pre)
    writer.add_token_merges(vocabulary.merges)
    writer.add_bos_token_id(vocabulary["<|endoftext|>"])
    writer.add_eos_token_id(vocabulary["<|endoftext|>"])


class _Weights:
    def __init__(self, architecture: str, vocabulary_size: int, width: int, seed: int) -> None:
        self._shapes = _shapes(architecture, vocabulary_size, width)
        self._size, self._width = vocabulary_size, width
        self._random = np.random.default_rng(seed)

    def random(self) -> dict[str, np.ndarray]:
        tensors = {
            name: self._random.standard_normal(shape).astype(np.float32) * 0.2
            for name, shape in self._shapes.items()
        }
        return tensors | self._norms()

    def reciting(self, recital: list[int]) -> dict[str, np.ndarray]:
        tensors = {name: np.zeros(shape, np.float32) for name, shape in self._shapes.items()}
        tensors["token_embd.weight"] = np.eye(self._size, self._width, dtype=np.float32)
        output = tensors["output.weight"]
        after = np.full(self._size, recital[0])
        after[recital[:-1]] = recital[1:]
        output[after, np.arange(self._size)] = 1.0
        return tensors | self._norms()

    def _norms(self) -> dict[str, np.ndarray]:
        return {
            name: np.ones(shape, np.float32)
            for name, shape in self._shapes.items()
            if name.endswith("norm.weight")
        }


def _shapes(architecture: str, vocabulary_size: int, width: int) -> dict[str, tuple[int, ...]]:
    key_width = width // _HEADS if architecture == "falcon" else width
    matrices: dict[str, tuple[int, ...]] = {
        "attn_norm.weight": (width,),
        "attn_output.weight": (width, width),
        "ffn_up.weight": (_FEED_FORWARD, width),
        "ffn_down.weight": (width, _FEED_FORWARD),
    }
    if architecture != "falcon":
        matrices["ffn_norm.weight"] = (width,)
    if architecture == "llama":
        matrices |= {f"attn_{part}.weight": (width, width) for part in "qkv"}
        matrices["ffn_gate.weight"] = (_FEED_FORWARD, width)
    else:
        matrices["attn_qkv.weight"] = (width + 2 * key_width, width)
    shapes = {f"blk.0.{name}": shape for name, shape in matrices.items()}
    shapes |= {
        "token_embd.weight": (vocabulary_size, width),
        "output_norm.weight": (width,),
        "output.weight": (vocabulary_size, width),
    }
    biased = {"gptneox": ("attn", "ffn", "output_norm"), "falcon": ("attn_norm", "output_norm")}
    for name, shape in list(shapes.items()):
        stem = name.removesuffix(".weight").removeprefix("blk.0.")
        if stem.startswith(biased.get(architecture, ())):
            shapes[name.replace(".weight", ".bias")] = shape[:1]
    return shapes


def _byte_letters() -> list[str]:
    """GPT-2's letters for the 256 bytes: printable ones stand for themselves."""
    printable = [
        *range(ord("!"), ord("~") + 1),
        *range(ord("¡"), ord("¬") + 1),
        *range(ord("®"), ord("ÿ") + 1),
    ]
    others = [value for value in range(256) if value not in printable]
    letters = {value: chr(value) for value in printable}
    letters |= {value: chr(256 + index) for index, value in enumerate(others)}
    return [letters[value] for value in range(256)]


_BYTE_LETTERS = _byte_letters()
_MERGES = ["h e", "Ġ t", "Ġt he", "i n", "e r", "Ġ a", "o n", "r e", "l l"]
_MERGES += ["# #", "## #", "Ġ Ġ", "Ċ Ġ", "ĊĠ Ġ", "Ċ Ċ"]
_PIECES = [*"etaonisrhlduw#:你", "▁", "▁▁", "▁▁▁▁", "▁t", "▁the", "▁a", "▁w", "▁wr", "▁é"]
_PIECES += ["he", "in", "er", "on", "re", "ll", "it", "wr", "##", "###", "▁#", "▁###"]
