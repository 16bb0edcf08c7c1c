import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rendering import parts_of

from tui.chat.rendering import Special, Text
from tui.chat.special_tokens import cut, specials
from tui.errors import EngineError

TOKENS = ("<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|im_end|><|im_end|>", "[INST]", "T ", "é>")


def turns(content: str) -> str:
    head, tail = (
        "{{ bos_token }}{% for m in messages %}<|im_start|>{{ m.role }}\n",
        "<|im_end|>\n{% endfor %}T ",
    )
    return head + content + tail


TEMPLATES = {
    "as it is": turns("{{ m.content }}"),
    "trimmed": turns("{{ m.content | trim }}"),
    "trimmed on the left": turns("{{ m.content.lstrip() }}"),
    "line breaks rewritten": turns(r"{{ m.content.strip().replace('\n\n', '\n') }}"),
    "borders that want a token": "<{{ instruction }}<|im{{ input }}/s><s>[{{ system | trim }}]",
    "as JSON": turns("{{ m.content | tojson }}"),
    "shortened": turns("{{ m.content[:7] }}"),
    "apart": "{{ instruction }}</s>{{ input }}</s>{{ system }}",
    "tested": turns("{% if '/think' in m.content %}think{% endif %}{{ m.content }}"),
    "no system role": turns(
        "{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}{{ m.content }}"
    ),
}
ANYTHING = st.lists(
    st.sampled_from(
        [*TOKENS, "<", ">", "/s>", "im_start|>", "|>", "<|", " ", "\n\n", "\ufdd0", "/think", "x"]
    )
    | st.text(max_size=3)
).map("".join)


def harmless(text: str) -> str:
    return "/think" if "/think" in text else "x" if text else ""


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
@given(instruction=ANYTHING, input_text=ANYTHING, system=ANYTHING)
@example(instruction="<|im_end|><|im_end|>", input_text="<</s>/s>", system="")
@example(instruction="/s>", input_text="_start|>", system="INST")
@example(instruction=" </s>\n", input_text="", system=" ")
@example(instruction="".join(map(chr, range(0xFDD0, 0xFDF0))), input_text="\uffff", system="\U0010ffff")
def test_whatever_a_person_types_only_the_template_writes_special_tokens(
    template: str, instruction: str, input_text: str, system: str
) -> None:
    try:
        prompt = parts_of(template, instruction, input_text, system, TOKENS)
    except EngineError as refusal:
        assert "the chat template changes" in str(refusal)
        return
    expected = parts_of(template, harmless(instruction), harmless(input_text), harmless(system), TOKENS)

    assert specials(prompt.parts) == specials(expected.parts)
    assert "".join(map(str, prompt.parts)) == prompt.text
    assert all(text.strip() in prompt.text for text in (instruction, input_text, system))
    assert all(str(part) for part in prompt.parts)
    assert not any(
        isinstance(one, Text) and isinstance(next_one, Text)
        for one, next_one in zip(prompt.parts, prompt.parts[1:], strict=False)
    )


@given(st.text(max_size=20), st.lists(st.text(max_size=4), max_size=6))
def test_special_tokens_of_any_kind_stay_apart(text: str, tokens: list[str]) -> None:
    template = "{{ instruction }}<s>{{ instruction }}"

    prompt = parts_of(template, text, tokens=(*tokens, "<s>"))

    assert specials(prompt.parts) == specials(cut("<s>", (*tokens, "<s>")))


def test_a_prompt_without_special_tokens_is_one_stretch() -> None:
    assert parts_of("{{ instruction }} </s>", "Hi", tokens=()).parts == (Text("Hi </s>"),)


def test_the_parts_of_a_chat_prompt() -> None:
    prompt = parts_of(TEMPLATES["trimmed"], " what is </s>? ", tokens=TOKENS)

    assert prompt.parts == (
        Special("<s>"),
        Special("<|im_start|>"),
        Text("user\nwhat is </s>?"),
        Special("<|im_end|>"),
        Text("\n"),
        Special("T "),
    )


def test_a_special_token_across_the_border_of_template_and_text_is_text() -> None:
    assert parts_of("<{{ instruction }}", "/s>", tokens=TOKENS).parts == (Text("</s>"),)
    assert parts_of("{{ instruction | trim }}>", "</s ", tokens=TOKENS).parts == (Text("</s>"),)
    assert parts_of("<{{ instruction }}>", "/s", tokens=TOKENS).parts == (Text("</s>"),)


@pytest.mark.parametrize(
    ("prompt", "tokens", "parts"),
    [
        ("abcd", ["ab", "bcd"], (Text("a"), Special("bcd"))),
        ("aaa", ["aa"], (Special("aa"), Text("a"))),
        ("<s><s>", ["<s>", "", "<s>"], (Special("<s>"), Special("<s>"))),
        ("aéb", ["ab", "aé", "éb"], (Special("aé"), Text("b"))),
        ("xéyy", ["éy", "yy"], (Text("x"), Special("éy"), Text("y"))),
        ("", ["<s>"], ()),
    ],
)
def test_the_longest_special_token_comes_first(
    prompt: str, tokens: list[str], parts: tuple[Text | Special, ...]
) -> None:
    assert cut(prompt, tokens) == parts


def test_a_template_may_take_special_tokens_out_at_the_end() -> None:
    template = "{{ instruction.removesuffix('</s>') }}</s>"

    assert parts_of(template, "one", tokens=TOKENS).parts == (Text("one"), Special("</s>"))
    with pytest.raises(EngineError, match="does not keep this prompt apart"):
        parts_of(template, "one</s>", tokens=TOKENS)


def test_a_template_may_look_at_how_a_text_begins() -> None:
    template = "<s>{% if instruction.startswith('/draw') %}picture: {% endif %}{{ instruction }}"

    assert parts_of(template, "/draw </s>", tokens=TOKENS).parts == (
        Special("<s>"),
        Text("picture: /draw </s>"),
    )


def test_a_template_that_mixes_the_two_up_is_refused() -> None:
    with pytest.raises(EngineError, match="does not keep this prompt apart from its own special tokens"):
        parts_of("{% if '</s>' in instruction %}</s>{% endif %}{{ instruction }}", "</s>", tokens=TOKENS)


@pytest.mark.parametrize("name", ["as it is", "trimmed", "line breaks rewritten"])
@pytest.mark.parametrize("text", ["<" * 10_000_000, "x</s> " * 1_500_000], ids=["angles", "tokens"])
def test_megabytes_and_thousands_of_special_tokens_take_no_minutes(name: str, text: str) -> None:
    tokens = (*TOKENS, *(f"<|reserved_special_token_{number}|>" for number in range(5000)))
    begin = time.perf_counter()

    prompt = parts_of(TEMPLATES[name], text, tokens=tokens)

    assert len(specials(prompt.parts)) == 4
    assert time.perf_counter() - begin < 20
