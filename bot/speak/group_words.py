"""What is said about groups: whom a circle is, who may book for it, and who cannot come."""

CIRCLE = "I took your circle in {programme}: {names}."
CIRCLE_OTHERS = "You lead circles in {programmes}; say which people if another one is meant."
ONLY_MENTOR = "Only the mentor of a group books for the whole of it."
ASK_MENTOR = "Yours is {names}: ask them, or tell me which people you would like to meet."
NAME_PEOPLE = "Tell me which people should meet."
PARTLY = "{time} suits {able} of {all}: {names} cannot."
PARTLY_UNKNOWN = "{time} suits {able} of {all}: {names} cannot, {unknown} could not be checked."
WITHOUT = "without {names}"
OPTIONAL = "{names} will be asked, too, but not waited for."
CANNOT_OPTIONAL = "{names}, who need not come, cannot make any of these."
NOT_FOR_YOU = (
    "Noted: none of these suits you. They meet without you, unless you accept one after all."
)
INVITED = "{time} is booked with {names}. You are welcome, but need not come. Will you?"
INVITED_SHORT = "Booked: {time}. You are welcome, but need not come."
BOOKED_WITHOUT_YOU = "The others meet without you: {time}."
CAN_DO = "{yes} of {all} can do {times}."
CAN_DO_WHO = "{yes} of {all} can do {times}: {names}."
CANNOT = "Not: {names}."
CANNOT_ANY = "{names} cannot make any of these."
VOTE_NO = (
    "Noted: none of these suits you. The others still answer; accept one if it suits you after all."
)
GO_AHEAD = "Book {time} with {yes} of {all}"
BEST = "{time} suits {yes} of {all}. You may book it without {names}."
BEST_ALL = "{time} suits everybody who is still asked. Shall I book it?"
VOTE_GONE = "That time has just gone, so nothing is booked. Shall I look for others?"
VOTE_OPEN = "That time has just gone, so nothing is booked. The other times still stand."
OTHERS = "{count} others"
ASK_MOST = "Ask the {count}: {time}"
ASK_ONE = "Ask {name}: {time}"
MOST_GONE = "That time does not suit most of them any more. Shall I look again?"
COME = "I will come"
NOT_COME = "I cannot"
NOTED_NO = "Noted: you will not come, {time}."
PARTLY_HOW = "To meet without somebody, tell me whom to ask and when."
UNKNOWNS = {
    "not_connected": "{names} have not connected calendars, so I could not check them",
    "broken": "the calendars of {names} need to be reconnected, so I could not check them",
    "unreachable": "the calendars of {names} could not be reached, so I could not check them",
    "slow": "the calendars of {names} did not answer in time, so I could not check them",
    "switched_off": (
        "the calendars of {names} are not read in this programme, so I could not check them"
    ),
}
