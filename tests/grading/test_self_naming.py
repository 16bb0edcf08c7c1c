"""Which answers name their model or maker."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from grading.test_stored_session import TASKS, answer, judge
from tui.cli.plain.words import known_lines
from tui.grading.opening import Shelf
from tui.grading.selection import ToJudge
from tui.grading.self_naming import LOOKED_AT, names_itself
from tui.store.database import Store
from tui.store.exchange.export_tables import export_grades

if TYPE_CHECKING:
    from pathlib import Path

FALCON = ("falcon-40b-instruct", "Falcon-40B-Instruct")
MPT = ("mpt-7b-chat", "MPT-7B-Chat")
ALPACA = ("alpaca-lora-7b", "Alpaca-LoRA 7B")
OASST = ("oasst-sft-1-pythia-12b", "OpenAssistant Pythia 12B")
ZEBU = ("zebu-3b-chat", "Zebu 3B Chat")

NAMED = [
    (FALCON, "I am Falcon, a language model."),
    (FALCON, "i am FALCON"),
    (FALCON, "I'm Falcon-40B and happy to help."),
    (FALCON, "I’m **Falcon**, how can I help?"),
    (FALCON, "I am\nFalcon."),
    (FALCON, "As Falcon, I cannot open web pages."),
    (FALCON, "Sorry! As Falcon, my knowledge ends in 2022."),
    (FALCON, "My name is Falcon."),
    (FALCON, "I was developed by the Technology Innovation Institute in Abu Dhabi."),
    (FALCON, "I was trained by TII."),
    (FALCON, "Falcon40B was asked this before."),
    (FALCON, "Ｉ ａｍ Ｆａｌｃｏｎ."),
    (FALCON, "I'm a Falcon model with 40 billion parameters."),
    (FALCON, "I am a large language model called Falcon."),
    (MPT, "I am MPT-7B-Chat, trained by MosaicML."),
    (MPT, "The answer is 4. (MosaicML)"),
    (MPT, "I am a language model created by MosaicML, and I have no opinion."),
    (MPT, "You are talking to MPT."),
    (ALPACA, "I am Alpaca, an instruction-following model."),
    (ALPACA, "I'm Alpaca-LoRA"),
    (ALPACA, "As an AI model developed at Stanford University, I have no feelings."),
    (ALPACA, "I was fine-tuned by researchers at Stanford."),
    (OASST, "I am Open Assistant."),
    (OASST, "I'm OpenAssistant, made by LAION and the community."),
    (OASST, "Hello! OpenAssistant here."),
    (OASST, "oasst: Paris"),
    (OASST, "My creators are LAION."),
    (OASST, "I am a pre-trained and fine-tuned model of EleutherAI."),
    (FALCON, "As an AI language model developed by OpenAI, I don't have feelings."),
    (MPT, "I am ChatGPT, a large language model trained by OpenAI."),
    (MPT, "As a language model, trained and developed by OpenAI, I cannot say."),
    (ALPACA, "I'm Claude, an AI assistant created by Anthropic."),
    (ALPACA, "I am an OpenAI language model."),
    (OASST, "Google trained me on many texts."),
    (OASST, "I have been created by a team of researchers from Meta."),
    (FALCON, "I'm a large language model from Google."),
    (FALCON, "I am Mistral 7B Instruct."),
    (ZEBU, "I am Zebu."),
    (ZEBU, "Answer of Zebu-3B-Chat: 12"),
    (ZEBU, "As Zebu, I would say yes."),
]
SILENT = [
    (FALCON, "As an AI language model, I don't have feelings."),
    (FALCON, "I am an AI assistant and cannot open web pages."),
    (FALCON, "The peregrine falcon is the fastest bird."),
    (FALCON, "Falcons hunt by day. As falcons, hawks see well."),
    (FALCON, "Birds of prey, such as falcon, hawk and eagle, see well."),
    (FALCON, "I am a falcon trainer."),
    (FALCON, "Falconry is an art; the Falcon 9 is a rocket."),
    (FALCON, "I am falconing."),
    (FALCON, "Claude Monet painted water lilies. I am Claude Monet's friend."),
    (FALCON, "PyTorch was developed by Meta and is used at Google."),
    (FALCON, "GPT-4 is a language model developed by OpenAI."),
    (FALCON, "Open Assistant is a project of LAION."),
    (MPT, "The mpt of a network is measured in hours; MPTs vary."),
    (MPT, "I am sure that the iPhone was made by Apple."),
    (ALPACA, "The alpaca is a camelid of South America."),
    (ALPACA, "I am an alpaca farmer. My alpaca is called Paul."),
    (ALPACA, "An alpaca, a llama and a guanaco walk into a bar."),
    (ALPACA, "She studied at Stanford University."),
    (ALPACA, "I was trained by my mother."),
    (OASST, "Pythia was the priestess of Apollo at Delphi."),
    (OASST, "I am looking for an assistant who is open to travel."),
    (OASST, "As a Google AI researcher, I would begin with data."),
    (ZEBU, "The zebu is a breed of cattle."),
    (ZEBU, "I am not sure."),
    (("model-1", "Model 1"), "Model 1 is smaller than model 2. As model, it is plain."),
    (("tiny", "Tiny"), "The tiny mouse said: I am hungry."),
    ((), ""),
]


@pytest.mark.parametrize(("names", "text"), NAMED, ids=[text[:40] for _, text in NAMED])
def test_an_answer_that_says_by_whom_it_is_names_itself(names, text):
    assert names_itself(text, names)
    assert names_itself(f"A longer answer stands before.\n\n{text}\n\nAnd one after it.", names)


@pytest.mark.parametrize(("names", "text"), SILENT, ids=[text[:40] for _, text in SILENT])
def test_an_answer_about_something_else_does_not(names, text):
    assert not names_itself(text, names)


@pytest.mark.parametrize(
    "text",
    [
        "I am " * 2_000_000,
        "as a model of the " * 600_000,
        "i am a large language model, " * 350_000,
        "my creators are the " * 500_000,
        "falcon " * 1_500_000,
        "*-_ \n" * 2_000_000,
        "\ufdfa" * 3_000_000,
        "i'm" + " the" * 2_500_000,
    ],
    ids=lambda text: text[:12],
)
def test_ten_megabytes_take_no_longer_than_what_is_looked_at(text):
    names_itself("", FALCON)
    began = time.process_time()
    assert not names_itself(text, FALCON)
    whole = time.process_time() - began
    assert whole < 3


def test_what_is_said_after_the_limit_is_not_looked_at():
    assert names_itself("." * (LOOKED_AT - 20) + "\nI am Falcon.", FALCON)
    assert not names_itself("." * LOOKED_AT + "\nI am Falcon.", FALCON)


def test_it_is_stored_with_each_judgement_and_known_where_names_are(tmp_path: Path) -> None:
    with Store.open(tmp_path / "grades.db") as store:
        said = {"zebu-3b": "I am Zebu.", "quokka": "I am glad to help. A zebu is a breed of cattle."}
        for name, text in said.items():
            answer(store, TASKS[:1], (name,), text=text)
        session = Shelf(store, TASKS, "mei", blind=True).open(ToJudge()).session
        session.go_to(session.start())
        judge(session, 6)
        assert all(slot.known is None for slot in session.current().slots)
        rows = [(row["response"], row["names_itself"]) for row in export_grades(store)]
        assert sorted(set(rows)) == sorted([(said["zebu-3b"], True), (said["quokka"], False)])

        session.reveal()
        session.go_to(0)
        shown = {slot.text: slot.known for slot in session.current().slots}
        assert {text: known.names_itself for text, known in shown.items()} == dict(rows)
        told = {
            text: "names itself: it says" in "\n".join(known_lines(known)) for text, known in shown.items()
        }
        assert told == dict(rows)
