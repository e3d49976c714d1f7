"""What people read in lists of their sessions and of open proposals."""

# by whether days, and whether people were named
SOME = {
    (False, True): "Your next sessions with {names}:",
    (True, False): "{days} you have:",
    (True, True): "{days} you have with {names}:",
}
NOTHING = {
    (False, False): "You have no sessions coming up.",
    (False, True): "You have no sessions with {names} coming up.",
    (True, False): "{days} you have no sessions.",
    (True, True): "{days} you have no sessions with {names}.",
}
ROW_ONE = "{time}, one of {count} in a series"
FIRST_AFTER = "The next one is {time} with {names}."
THE_NEXT = "Your next session: {time} with {names}."
MORE_SESSIONS = "And {count} more: ask for a week, such as “what's on next week?”."
AWAY_ONE = "{time} with {names}"
AWAY_BOOKED = {
    False: "One session is booked in that time, and stays unless you change it: {sessions}.",
    True: "Sessions are booked in that time, and stay unless you change them: {sessions}.",
}
AWAY_MORE = "There are {count} more: “what's on?” lists them."
LATE = "I'm late for {name}"
FIND = "Find a time with {name}"
OPEN = "Open proposals:"
NO_OPEN = "No proposal is open: you wait for nobody's answer, and nobody waits for yours."
NO_OPEN_WITH = "No proposal with {names} is open."
YOUR_TURN = "your turn"
YOUR_TURN_TOO = "your turn, and that of {names}"
THEIR_TURN = "their turn"
CHOOSE = "Everybody has answered to times from {time}. The choice is yours."
CHOOSES = "Everybody has answered to times from {time}. {name} chooses now."
TURN_OF = "the turn of {names}"
LINE = "{turn}: {times}, open until {until}"
MOVE = "{turn}: another time for a session, {times}, open until {until}"
MORE = "{times} and {count} more"
PAGE_MORE = "{count} more: say “{said}” to see all."
SERIES = "a series of {count} from {time}"
ACCEPT_SERIES = "The whole series ({name})"
NONE = "None of these ({name})"
REMIND = "Remind {names}"
OTHER_TIMES = "Other times with {names}"
TAKE_BACK = "Take it back from {names}"
REMINDED = "I have reminded {names}."
REMINDED_TODAY = "{names} has been reminded today already; I do that once a day at most."
RESTING = "{names} is away or wants no reminders, so I have not written."
NOBODY_TO_REMIND = "Everybody has answered that already, or it is no longer open."
