import pytest
from rendering import conversation, parts_of

from tui.chat.jinja_env import evaluate
from tui.errors import EngineError

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] "
    "+ '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
NO_SYSTEM_ROLE = (
    "{{ bos_token }}{% for message in messages %}{% if message.role == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "[INST] {{ message.content | trim }} [/INST]{% endfor %}"
)


def rendered(template: str, instruction: str = "Hi", input_text: str = "", system: str = "") -> str:
    return parts_of(template, instruction, input_text, system).text


def test_a_conversation_is_the_system_text_and_one_question() -> None:
    assert rendered(CHATML, "Hi", "there", "Be brief.") == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi\n\nthere<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


def test_without_a_system_text_there_is_no_system_message() -> None:
    assert rendered(CHATML) == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"


def test_a_template_that_refuses_the_system_role_gets_it_with_the_question() -> None:
    assert rendered(NO_SYSTEM_ROLE, system="Be brief.") == "<s>[INST] Be brief.\n\nHi [/INST]"
    assert rendered(NO_SYSTEM_ROLE) == "<s>[INST] Hi [/INST]"


@pytest.mark.parametrize(
    ("template", "prompt"),
    [
        ("  {% if true %}\n  {{ instruction }}\n  {% endif %}\nend\n", "  Hi\nend"),
        ("{% generation %}{{ instruction }}{% endgeneration %}", "Hi"),
        ("{% for n in range(9) %}{% if n == 2 %}{% break %}{% endif %}{{ n }}{% endfor %}", "01"),
        ("{{ {'text': '<é>'} | tojson }}", '{"text": "<é>"}'),
        ("{{ {'b': 1, 'a': [1, 2]} | tojson(indent=1) }}", '{\n "b": 1,\n "a": [\n  1,\n  2\n ]\n}'),
        ("{{ strftime_now('%d') | length }}", "2"),
        ("{{ nothing_of_the_kind }}{{ tools is none }}{{ eos_token }}", "True</s>"),
        ("{{ '-' * 3 }}{{ 2 ** 3 }}", "---8"),
    ],
)
def test_templates_mean_what_they_mean_elsewhere(template: str, prompt: str) -> None:
    assert evaluate(conversation(template)) == prompt


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("\n{% oops %}", "line 2 of the chat template: Encountered unknown tag 'oops'."),
        ("\n\n{{ one.two.three }}", "the chat template fails in line 3: 'one' is undefined"),
        ("{{ 1 / 0 }}", "the chat template fails in line 1: division by zero"),
        (
            "{{ raise_exception('no\n\x1b[2J way') }}",
            "the chat template refuses this prompt: no \ufffd[2J way",
        ),
        (
            "{{ ''.__class__ }}",
            "the chat template fails in line 1: it may not read the attribute '__class__'",
        ),
        (
            "{{ messages.append(1) }}",
            "the chat template fails in line 1: it may not read the attribute 'append'",
        ),
        (
            "{% for n in range(10**9) %}{% endfor %}",
            "the chat template fails in line 1: "
            "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).",
        ),
        (
            "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
            "the chat template fails in line 1: it is nested too deeply, or calls itself without end",
        ),
        (
            "{{" + "(" * 9000,
            "the chat template is not valid: it is nested too deeply, or calls itself without end",
        ),
        ("{{ [1] | random }}", "line 1 of the chat template: No filter named 'random'."),
        ("{{ lipsum(10**6) }}", "the chat template fails in line 1: 'lipsum' is undefined"),
    ],
)
def test_a_template_that_fails_says_so_in_one_line(template: str, message: str) -> None:
    with pytest.raises(EngineError) as failure:
        evaluate(conversation(template))

    assert str(failure.value) == message
