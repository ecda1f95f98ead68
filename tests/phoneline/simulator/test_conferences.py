import pytest
from twilio.rest import Client
from werkzeug import Response

from phoneline.simulator import Behaviour, Handset, Leg, Network
from tests.phoneline.simulator.product import Product

VOICE = "/webhooks/voice"
EVENTS = 'statusCallback="/room" statusCallbackEvent="start end join leave"'


def room(attributes: str = "", dial: str = "") -> str:
    return (
        f'<Dial action="/after" {dial}><Conference beep="false" waitUrl="" {attributes}>quiet-river</Conference></Dial>'
    )


def by_caller(product: Product, first: str, second: str) -> None:
    product.answers[VOICE] = lambda form: first if form["From"] == "+14165550101" else second


def talk(net: Network) -> tuple[Handset, Leg, Handset, Leg]:
    sam, ana = net.handset("+14165550101", "Sam"), net.handset("+14165550102", "Ana", kind="volunteer")
    sams = sam.call_line()
    sams.wait_in_conference()
    anas = ana.call_line()
    anas.wait_in_conference(mates=1)
    return sam, sams, ana, anas


def test_two_meet_and_the_caller_ends_it_by_hanging_up(net: Network, product: Product) -> None:
    by_caller(product, room(f'endConferenceOnExit="true" {EVENTS}'), room('statusCallback="/ignored"'))
    product.answers["/after"] = "<Say>The caller has gone.</Say>"
    sam, sams, _, anas = talk(net)
    assert anas.conference_mates() == [sams]
    sam.hang_up()
    anas.wait_heard("has gone")
    told = product.wait("/room", 6)
    assert [form["StatusCallbackEvent"] for form in told] == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    assert [form["SequenceNumber"] for form in told] == ["1", "2", "3", "4", "5", "6"]
    assert told[5]["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert told[5]["CallSidEndingConference"] == sams.sid
    assert {form["FriendlyName"] for form in told} == {"quiet-river"}
    afters = {form["CallSid"]: form for form in product.wait("/after", 2)}
    assert afters[anas.sid]["DialCallStatus"] == "answered"
    assert "DialCallSid" not in afters[anas.sid]
    assert product.to("/ignored") == []
    assert net.app_errors() == []


def test_star_steps_out_and_the_other_stays(net: Network, product: Product) -> None:
    by_caller(product, room("", ""), room("", 'hangupOnStar="true"'))
    product.answers["/after"] = '<Gather numDigits="1" action="/chosen"><Say>Back, press 1.</Say></Gather>'
    product.answers["/chosen"] = room()
    sam, sams, ana, anas = talk(net)
    sam.press("*")
    ana.press("5*")
    anas.wait_heard("press 1")
    assert sams.conference_mates() == []
    assert sams.room is not None
    ana.press("1")
    anas.wait_in_conference(mates=1)
    dropped = [(event.number, event.detail["key"]) for event in net.journal.of("digits") if event.detail["dropped"]]
    assert dropped == [(sam.number, "*"), (ana.number, "5")]


def test_leaving_without_ending_leaves_the_last_one_alone(net: Network, product: Product) -> None:
    by_caller(product, room(EVENTS), room())
    sam, sams, ana, _ = talk(net)
    ana.hang_up()
    net.journal.wait(lambda event: event.kind == "conference_left" and event.number == ana.number)
    assert sams.status == "in-progress"
    sam.hang_up()
    assert product.wait("/room", 6)[5]["ReasonConferenceEnded"] == "last-participant-left"


def test_the_waiting_document_is_heard_until_somebody_comes(net: Network, product: Product) -> None:
    waiting = '<Dial><Conference startConferenceOnEnter="false" waitUrl="/wait">r</Conference></Dial>'
    by_caller(product, waiting, "<Dial><Conference>r</Conference></Dial>")
    product.answers["/wait"] = "<Say loop='0'>Somebody will be with you.</Say>"
    sams = net.handset("+14165550101").call_line()
    sams.wait_heard("be with you")
    assert product.to("/wait")[0]["ConferenceSid"].startswith("CF")
    net.handset("+14165550102").call_line().wait_in_conference(mates=1)
    net.journal.wait(lambda event: event.kind == "conference_started")
    kinds = [event.kind for event in net.journal if event.leg_sid == sams.sid or event.kind == "conference_started"]
    assert "said" not in kinds[kinds.index("conference_started") :]


def test_conferences_by_rest(net: Network, client: Client, product: Product) -> None:
    by_caller(product, room(), room('participantLabel="ana"'))
    product.answers["/after"] = "<Say>You are out.</Say>"
    product.answers["/hold"] = "<Say>One moment, please.</Say>"
    _, sams, _, anas = talk(net)
    [conference] = client.conferences.list(friendly_name="quiet-river", status="in-progress")
    assert conference.sid
    people = client.conferences(conference.sid).participants
    assert [person.call_sid for person in people.list()] == [sams.sid, anas.sid]
    assert people(sams.sid).update(hold=True, hold_url=f"{product.url}/hold").hold is True
    sams.wait_heard("one moment")
    assert people(sams.sid).update(hold=False).hold is False
    assert people("ana").fetch().call_sid == anas.sid
    people(anas.sid).delete()
    anas.wait_heard("you are out")
    assert str(client.conferences(conference.sid).update(status="completed").status) == "completed"
    sams.wait_heard("you are out")


def test_an_announcement_is_heard_while_they_talk_on(net: Network, client: Client, product: Product) -> None:
    told = EVENTS.replace("leave", "leave announcement")
    by_caller(product, room(told), room())
    product.answers |= {
        "/all": "<Say>To all of you.</Say>",
        "/one": "<Say>To you.</Say>",
        "/gone": Response(status=404),
    }
    _, sams, _, anas = talk(net)
    [found] = client.conferences.list(friendly_name="quiet-river", status="in-progress")
    conference = client.conferences(str(found.sid))
    conference.update(announce_url=f"{product.url}/all")
    for leg in (sams, anas):
        leg.wait_heard("to all")
    assert sams.conference_mates() == [anas]
    ends = [product.wait("/room", 4)[3]]
    conference.participants(sams.sid).update(announce_url=f"{product.url}/one", announce_method="GET")
    sams.wait_heard("to you")
    ends.append(product.wait("/room", 5)[4])
    conference.update(announce_url=f"{product.url}/gone")
    ends.append(product.wait("/room", 6)[5])
    assert [(end["StatusCallbackEvent"], "CallSid" in end) for end in ends] == [
        ("announcement-end", False),
        ("announcement-end", True),
        ("announcement-fail", False),
    ]
    [asked] = product.to("/all")
    assert ("CallSid" in asked, asked["FriendlyName"]) == (False, "quiet-river")
    [visit] = [visit for visit in product.visits if visit.path == "/one"]
    assert (visit.method, visit.form["CallSid"]) == ("GET", sams.sid)
    assert len(product.to("/gone")) == 1
    assert "To you." not in anas.transcript


def test_a_full_room_lets_nobody_in(net: Network, product: Product) -> None:
    product.answers[VOICE] = room('maxParticipants="2"')
    product.answers["/after"] = "<Say>The room is full.</Say>"
    talk(net)
    third = net.handset("+14165550103").call_line()
    third.wait_heard("full")
    assert product.to("/after")[0]["DialCallStatus"] == "failed"


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        (Behaviour(answer_after=1, hang_up_after=5), "completed"),
        (Behaviour(busy=True), "busy"),
        (Behaviour(dead="failed"), "failed"),
        (Behaviour(), "no-answer"),
    ],
)
def test_dialling_a_number(net: Network, product: Product, behaviour: Behaviour, status: str) -> None:
    number = '<Number statusCallback="/leg" statusCallbackEvent="answered completed">+14165550102</Number>'
    product.answers[VOICE] = f'<Dial callerId="+14165550100" timeout="10" action="/after">{number}</Dial>'
    net.handset("+14165550102", behaviour=behaviour)
    leg = net.handset("+14165550101").call_line()
    [after] = product.wait("/after")
    assert after["DialCallStatus"] == status
    assert after["DialBridged"] == ("true" if status == "completed" else "false")
    leg.wait_over()
    child = next(one for one in net.legs if one.direction == "outbound-dial")
    assert (child.from_, child.status) == ("+14165550100", status)
    assert {form["ParentCallSid"] for form in product.wait("/leg", 1)} == {leg.sid}
    if status == "no-answer":
        ringing, ended = net.journal.of("leg_ringing")[0], net.journal.of("leg_ended")[0]
        assert 15 <= ended.at - ringing.at < 20


def test_the_caller_who_hangs_up_takes_the_ringing_phone_along(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Dial callerId="+14165550100">+14165550102</Dial>'
    other = net.handset("+14165550102")
    sam = net.handset("+14165550101")
    sam.call_line()
    child = other.wait_ringing()
    sam.hang_up()
    assert child.wait_over() == "canceled"


def test_somebody_elses_caller_id_is_not_shown(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Dial callerId="+14165550199">+14165550102</Dial><Say>Sorry.</Say>'
    net.handset("+14165550102")
    net.handset("+14165550101").call_line().wait_heard("sorry")
    assert net.journal.of("app_error")[0].detail["code"] == 13214
