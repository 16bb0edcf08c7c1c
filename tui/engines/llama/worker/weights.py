"""Weights in memory: a GGUF file, its adapter and a context, and what is known of them."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llama_cpp
import llama_cpp.llama_cpp as llama

from tui.catalogue.shards import size_of_shards
from tui.engines.events import EngineFacts
from tui.engines.llama.threads import Threads, choose_threads
from tui.engines.llama.worker.context import Context
from tui.engines.llama.worker.devices import devices, named_devices
from tui.engines.llama.worker.failures import check_file, check_purpose, explain
from tui.engines.llama.worker.interruption import Interruption
from tui.engines.llama.worker.log import Log
from tui.engines.llama.worker.vocabulary import Vocabulary
from tui.engines.llama.worker.warnings import in_words
from tui.errors import EngineError, WeightsError
from tui.memory.shape import read_shape
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engines.llama.protocol import LoadSpec

_NO_ROPE = llama.LLAMA_ROPE_TYPE_NONE


class Weights:
    def __init__(
        self,
        spec: LoadSpec,
        *,
        on_progress: Callable[[float], None] = lambda _fraction: None,
        interruption: Interruption | None = None,
    ) -> None:
        """Load. Raises EngineError with one line naming the file for whatever is wrong with it.

        `interruption` ends the loading, and from then on each decode that it is raised in.
        """
        self._log = Log()
        self._path = Path(spec.path)
        check_file(self._path)
        check_purpose(self._path)
        interruption = Interruption() if interruption is None else interruption
        self._model = self._load_model(spec, on_progress, interruption)
        self.vocabulary = Vocabulary(self._model)
        self._warnings = in_words(self._log.warnings)
        self.room = self._find_room(spec)
        """Tokens that a prompt and its answer may have together; the context may hold fewer."""
        self.context = self._make_context(spec, interruption)
        if spec.adapter_path:
            self._apply_adapter(Path(spec.adapter_path))
        self.facts = self._gather_facts(spec)

    def _load_model(
        self, spec: LoadSpec, on_progress: Callable[[float], None], interruption: Interruption
    ) -> Any:
        def progress(fraction: float, _data: object) -> bool:
            on_progress(fraction)
            return not interruption

        llama.llama_backend_init()
        params = llama.llama_model_default_params()
        params.n_gpu_layers = spec.gpu_layers
        if not spec.extra_layouts:
            params.use_extra_bufts = False
        self._extra_layouts = bool(params.use_extra_bufts)
        if _reads_whole(spec):
            params.load_mode = llama.LLAMA_LOAD_MODE_NONE
        chosen = named_devices(spec.devices) if spec.devices else None
        if not spec.gpu_layers:
            chosen = named_devices(())  # or a GPU would help reading, with memory that it may not have
        if chosen is not None:
            params.devices = ctypes.cast(chosen, ctypes.c_void_p)
        callback = params.progress_callback = llama.llama_progress_callback(progress)
        overrides = _tokenizer_override(spec.tokenizer_pre)
        params.kv_overrides = overrides
        model = llama.llama_model_load_from_file(os.fsencode(spec.path), params)
        del callback  # kept alive until here: llama.cpp holds a bare pointer to it
        if not model:
            raise EngineError(explain(self._path, self._log.errors))
        if llama.llama_model_has_encoder(model) or not llama.llama_model_has_decoder(model):
            raise EngineError(f"{safe_line(self._path.name)}: this is not a model that writes text")
        if llama.llama_vocab_type(llama.llama_model_get_vocab(model)) == llama.LLAMA_VOCAB_TYPE_NONE:
            raise EngineError(f"{safe_line(self._path.name)}: it holds no vocabulary, so text cannot be read")
        return model

    def _find_room(self, spec: LoadSpec) -> int:
        length, trained = spec.context_length, llama.llama_model_n_ctx_train(self._model)
        # Rotary positions beyond those of training give noise; ALiBi (MPT) is made to go further.
        if llama.llama_model_rope_type(self._model) != _NO_ROPE and 0 < trained < length:
            self._warnings.append(f"trained on {trained} tokens of context: {length} were asked for")
            return int(trained)
        return length

    def _make_context(self, spec: LoadSpec, interruption: Interruption) -> Context:
        length = self.room
        if 0 < spec.held_context < length:
            length = spec.held_context
            self._warnings.append(
                f"memory holds {length} of {self.room} tokens of context: what might need more is refused"
            )
        chosen = choose_threads(size_of_shards(self._path))
        threads = Threads(spec.threads, spec.threads) if spec.threads else chosen
        try:
            return Context(
                self._model,
                length=length,
                parallel=spec.parallel,
                threads=threads,
                interruption=interruption,
                on_gpu=self._gpu_layers(spec) > 0,
            )
        except EngineError as error:
            raise EngineError(f"{safe_line(self._path.name)}: {error}") from None

    def _apply_adapter(self, path: Path) -> None:
        check_file(path)
        self._log.errors.clear()
        adapter = llama.llama_adapter_lora_init(self._model, os.fsencode(path))
        if not adapter:
            raise EngineError(explain(path, self._log.errors))
        adapters = (llama.llama_adapter_lora_p_ctypes * 1)(adapter)
        scales = (ctypes.c_float * 1)(1.0)
        if llama.llama_set_adapters_lora(self.context.handle, adapters, 1, scales) != 0:
            raise EngineError(
                f"{safe_line(path.name)}: the adapter does not fit {safe_line(self._path.name)}"
            )

    def _gather_facts(self, spec: LoadSpec) -> EngineFacts:
        system = llama.llama_print_system_info().decode("utf-8", "replace")
        template = llama.llama_model_chat_template(self._model, None)
        return EngineFacts(
            build=safe_line(f"llama-cpp-python {llama_cpp.__version__}; {system}"),
            architecture=safe_line(self._metadata("general.architecture")),
            description=safe_line(_string(llama.llama_model_desc, self._model)),
            parameters=llama.llama_model_n_params(self._model),
            context_length=self.context.length,
            train_context_length=llama.llama_model_n_ctx_train(self._model),
            threads=llama.llama_n_threads(self.context.handle),
            gpu_layers=self._gpu_layers(spec),
            extra_layouts=self._extra_layouts,
            devices=devices(),
            chat_template=template.decode("utf-8", "replace") if template else None,
            warnings=tuple(self._warnings),
        )

    def _metadata(self, key: str) -> str:
        return _string(llama.llama_model_meta_val_str, self._model, key.encode())

    def _gpu_layers(self, spec: LoadSpec) -> int:
        if not llama.llama_supports_gpu_offload():
            return 0
        every = int(llama.llama_model_n_layer(self._model)) + 1
        return every if spec.gpu_layers < 0 else min(spec.gpu_layers, every)

    def close(self) -> None:
        self.context.close()
        llama.llama_model_free(self._model)


def _reads_whole(spec: LoadSpec) -> bool:
    """True if weights are to be read instead of mapped.

    For the CPU llama.cpp lays some types out anew, in memory of its own; of a mapped file the old pages stay
    resident beside that, and a worker of 1.1 GB takes 1.7 (`bench/memory.py`). GPUs are served from the map,
    and so is a CPU without the extra layouts.
    """
    if not spec.extra_layouts:
        return False
    if spec.gpu_layers and llama.llama_supports_gpu_offload():
        return False
    try:
        return read_shape(Path(spec.path)).is_repacked
    except WeightsError:
        return False


def _tokenizer_override(pre: str | None) -> Any:
    """The list llama.cpp wants, ended by an empty key; None for no override."""
    if not pre:
        return None
    overrides: Any = (llama.llama_model_kv_override * 2)()
    overrides[0].tag = llama.LLAMA_KV_OVERRIDE_TYPE_STR
    overrides[0].key = b"tokenizer.ggml.pre"
    overrides[0].value.val_str = pre.encode()[:127]
    return overrides


def _string(function: Any, *arguments: Any) -> str:
    buffer = ctypes.create_string_buffer(1024)
    length = function(*arguments, buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace") if length >= 0 else ""
