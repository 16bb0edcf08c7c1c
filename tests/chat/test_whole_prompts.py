# ruff: noqa: E501 - templates as they are
"""What was typed is what is asked: all of it, or nothing is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering import parts_of

from tui.errors import EngineError

# Abridged from the models' own files; their spacing is not what is tried here.
SMOLVLM = (
    "<|im_start|>{% for message in messages %}{{message['role'] | capitalize}}"
    "{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}"
    "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)
LLAVA = (
    "{% for message in messages %}{{ message['role'].upper() + ': ' }}"
    "{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\n' }}{% endfor %}"
    "{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{{ content['text'] + ' '}}"
    "{% endfor %}{% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}"
)
QWEN_VL = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{% if message['content'] is string %}{{ message['content'] }}<|im_end|>\n"
    "{% else %}{% for content in message['content'] %}{% if content['type'] == 'image' %}<|image_pad|>"
    "{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
GEMMA_3 = (
    "{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}"
    "{%- if messages[0]['content'] is string -%}{%- set first = messages[0]['content'] + '\n\n' -%}"
    "{%- else -%}{%- set first = messages[0]['content'][0]['text'] + '\n\n' -%}{%- endif -%}"
    "{%- set loop_messages = messages[1:] -%}{%- else -%}{%- set first = '' -%}"
    "{%- set loop_messages = messages -%}{%- endif -%}"
    "{%- for message in loop_messages -%}{{ '<start_of_turn>user\n' + first }}"
    "{%- if message['content'] is string -%}{{ message['content'] | trim }}"
    "{%- elif message['content'] is iterable -%}{%- for item in message['content'] -%}"
    "{%- if item['type'] == 'text' -%}{{ item['text'] | trim }}{%- endif -%}{%- endfor -%}"
    "{%- else -%}{{ raise_exception('Invalid content type') }}{%- endif -%}<end_of_turn>\n{%- endfor -%}"
)
MISTRAL_3 = (
    "{{ bos_token }}{%- if messages[0]['role'] == 'system' %}{%- set system = messages[0]['content'] %}"
    "[SYSTEM_PROMPT]{{ system }}[/SYSTEM_PROMPT]{%- set messages = messages[1:] %}{%- endif %}"
    "{%- for message in messages %}{%- if message['content'] is string %}[INST]{{ message['content'] }}[/INST]"
    "{%- else %}[INST]{%- for block in message['content'] %}{%- if block['type'] == 'text' %}{{ block['text'] }}"
    "{%- else %}{{ raise_exception('Only text and image blocks are supported') }}{%- endif %}{%- endfor %}[/INST]"
    "{%- endif %}{%- endfor %}"
)
SYSTEM_AS_TEXT = (
    "{% for m in messages %}{% if m.role == 'system' %}<<{{ m.content }}>>{% else %}"
    "{% for part in m.content %}{% if part.type == 'text' %}[{{ part.text }}]{% endif %}{% endfor %}"
    "{% endif %}{% endfor %}"
)
PARTS_ONLY = (
    "{% for m in messages %}{{ m.role }}:{% for p in m.content %}{% if p.type == 'text' %} {{ p.text }}"
    "{% endif %}{% endfor %}\n{% endfor %}"
)
STRICT_PARTS = "{% for m in messages %}{{ m.role }}: {{ m.content[0].text + '' }}\n{% endfor %}"


@pytest.mark.parametrize(
    ("template", "prompt"),
    [
        (
            SMOLVLM,
            "<|im_start|>System: Be brief.<end_of_utterance>\nUser: Hi\n\nthere<end_of_utterance>\nAssistant:",
        ),
        (LLAVA, "SYSTEM: Be brief. USER: Hi\n\nthere ASSISTANT:"),
        (
            QWEN_VL,
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi\n\nthere<|im_end|>\n"
            "<|im_start|>assistant\n",
        ),
        (GEMMA_3, "<s><start_of_turn>user\nBe brief.\n\nHi\n\nthere<end_of_turn>"),
        (MISTRAL_3, "<s>[SYSTEM_PROMPT]Be brief.[/SYSTEM_PROMPT][INST]Hi\n\nthere[/INST]"),
        (SYSTEM_AS_TEXT, "<<Be brief.>>[Hi\n\nthere]"),
        (PARTS_ONLY, "system: Be brief.user: Hi\n\nthere"),
        (STRICT_PARTS, "system: Be brief.\nuser: Hi\n\nthere\n"),
    ],
    ids=["SmolVLM", "LLaVA", "Qwen-VL", "Gemma 3", "Mistral 3", "system as text", "parts", "strict"],
)
def test_a_template_gets_messages_in_the_shape_it_wants(template: str, prompt: str) -> None:
    assert parts_of(template, "Hi", "there", "Be brief.").text == prompt


def test_parts_hold_what_was_written_and_not_the_templates_tokens() -> None:
    prompt = parts_of(SMOLVLM, "what is <image>?", tokens=("<image>", "<end_of_utterance>", "<|im_start|>"))

    assert [str(part) for part in prompt.parts] == [
        "<|im_start|>",
        "User: what is <image>?",
        "<end_of_utterance>",
        "\nAssistant:",
    ]


LAST_ONLY = "<user>{{ messages[-1].content }}</user>"


@pytest.mark.parametrize(
    ("template", "instruction", "lacking"),
    [
        (
            "{% for m in messages %}{{ m.role }}{% endfor %}",
            "Say hi",
            "leaves out the instruction, the input and ",
        ),
        (
            "{% for m in messages %}{{ m.text }}{% endfor %}",
            "Say hi",
            "leaves out the instruction, the input and ",
        ),
        (LAST_ONLY, "Say hi", "leaves out the system text: "),
        ("{{ instruction }}", "Say hi", "leaves out the input and the system text: "),
        ("{{ instruction }} {{ system }}", "Say hi", "leaves out the input: "),
        ("{{ system }} {{ input }}", "Say hi", "leaves out the instruction: "),
        ("Say hi there! Be brief.", "Say hi", "leaves out the instruction, the input and the system text: "),
        ("{{ system }} {{ input }} system", "system", "leaves out the instruction: "),
        ("{{ system }} {{ input }} x", "x", "leaves out the instruction: "),
        ("{{ system }} {{ input }}", "there", "leaves out the instruction: "),
        ("{{ messages }}", "Say hi", "leaves out the instruction, the input and the system text: "),
        ("{{ instruction[:4] }}{{ input }}{{ system }}", "Say hi", "changes the instruction: "),
        ("{{ instruction | upper }}{{ input }}{{ system }}", "Say hi", "changes the instruction: "),
        ("{{ (messages | tojson) }}", 'Say "hi"', "changes the instruction: "),
        ("{{ system }}{{ (instruction ~ input) | replace('e', '') }}", "Say hé", "changes the input: "),
        ("{{ instruction | e }}{{ system | upper }}", "a < b", "leaves out the input and changes "),
    ],
)
def test_what_a_template_leaves_out_or_changes_is_named(
    template: str, instruction: str, lacking: str
) -> None:
    with pytest.raises(EngineError) as failure:
        parts_of(template, instruction, "there", "Be brief.")

    assert str(failure.value).startswith(f"the chat template {lacking}")
    assert str(failure.value).endswith("give the model another one with --template FILE, or in a models file")
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize(
    "template",
    [
        "{{ messages[-1].content }}",
        "{{ messages[-1].content | trim }}",
        "{% if messages[-1].content | length < 2 %}{{ raise_exception('short') }}{% endif %}{{ messages[-1].content }}",
        "{% if '/think' in messages[-1].content %}think{% endif %}{{ messages[-1].content }}",
        "{% if messages[-1].content.startswith('assistant') %}yes{% endif %}assistant {{ instruction }}",
        "{{ messages | tojson }}",
    ],
)
@pytest.mark.parametrize(
    "instruction",
    ["assistant", "user", "/think", "/think hard", " Hi \n", "hi", "é" * 40, "content", "ab\tc"],
)
def test_a_template_that_shows_what_was_written_is_not_refused(template: str, instruction: str) -> None:
    if "tojson" in template:
        instruction = instruction.strip().replace("\t", "")

    assert instruction.strip() in parts_of(template, instruction).text


@given(st.text(min_size=1), st.text())
def test_whatever_is_written_is_asked_whole(instruction: str, system: str) -> None:
    prompt = parts_of(QWEN_VL, instruction, "", system).text

    assert f"user\n{instruction}<|im_end|>" in prompt
    assert not system or f"system\n{system}<|im_end|>" in prompt


def test_the_failure_of_a_template_is_told_and_not_that_parts_fail_too() -> None:
    with pytest.raises(EngineError, match=r"^the chat template fails in line 1: division by zero$"):
        parts_of("{{ instruction }}{{ 1 / 0 }}")
