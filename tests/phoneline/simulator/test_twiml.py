import pytest

from phoneline.simulator.twiml import Conference, Dial, Gather, Number, Pause, Play, Record, Say, TwimlError
from phoneline.simulator.twiml_parser import parse


def test_a_gather_with_all_it_may_have() -> None:
    text = (
        '<Response><Gather numDigits="1" finishOnKey="" timeout="8" action="/a" method="GET"'
        ' actionOnEmptyResult="true">'
        '<Say language="fr-CA">  Bonjour,\n ça va ? </Say><Play>/x.wav</Play><Pause length="2"/></Gather></Response>'
    )
    [gather] = parse(text).verbs
    prompts = (Say("Bonjour, ça va ?", "fr-CA"), Play("/x.wav"), Pause(2))
    assert gather == Gather(prompts, 1, "", 8, "/a", "GET", action_on_empty_result=True)


def test_defaults_are_twilios() -> None:
    document = parse("<Response><Gather/><Record/><Dial><Conference>r</Conference></Dial></Response>")
    assert document.verbs == (Gather(), Record(), Dial(conference=Conference("r")))
    assert document.faults == ()


def test_several_numbers_and_a_bare_one() -> None:
    several = "<Number>+14165550102</Number><Number>+14165550103</Number>"
    one, two = parse(f"<Response><Dial>+14165550101</Dial><Dial>{several}</Dial></Response>").verbs
    assert one == Dial((Number("+14165550101"),))
    assert two == Dial((Number("+14165550102"), Number("+14165550103")))


@pytest.mark.parametrize(
    "text",
    [
        "<Say speed='2'>x</Say>",
        "<say>x</say>",
        "<Gather numDigits='many'/>",
        "<Gather finishOnKey='x'/>",
        "<Gather><Redirect>/x</Redirect></Gather>",
        "<Dial hangupOnStar='yes'>+14165550101</Dial>",
        "<Dial><Number url='/screen'>+14165550101</Number></Dial>",
        "<Dial><Queue>q</Queue></Dial>",
        "<Dial><Conference statusCallbackEvent=\"['start', 'end']\">r</Conference></Dial>",
        "<Say>" + "x" * 4097 + "</Say>",
    ],
)
def test_mistakes_are_seen(text: str) -> None:
    assert len(parse(f"<Response>{text}</Response>").faults) == 1


@pytest.mark.parametrize(("text", "code"), [("", 12100), ("<Response>\x0b</Response>", 12100), ("<html/>", 12102)])
def test_what_is_no_document(text: str, code: int) -> None:
    with pytest.raises(TwimlError) as error:
        parse(text)
    assert error.value.code == code
