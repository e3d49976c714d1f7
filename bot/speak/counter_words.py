"""What is said when somebody answers proposed times with other ones."""

OFFERED = {  # several times, or one
    False: "{name} proposes other times instead, for {length}. Which suits you?",
    True: "{name} proposes another time instead, for {length}. Does it suit you?",
}
OFFERED_MOVE = {
    False: "{name} proposes other times for moving your session of {time}. Which suits you? It "
    "stays where it is until one is accepted.",
    True: "{name} proposes another time for moving your session of {time}. Does it suit you? It "
    "stays where it is until you accept.",
}
PASSED = ("This time fits that for you both.", "These times fit that for you both.")
NOT_PASSED = "I have told {name} nothing yet: their times stay open until you offer others."
ENOUGH = (
    "The two of you have now answered with other times {count} times, so I pass nothing on by "
    "myself any more. A short word with {name} is quickest. Or offer one of these; {name} can "
    "still accept the last ones, and so can you."
)
NOTHING_NEW = "I found no time there that has not been proposed before."
NO_SHAPE_LEFT = "There is nothing left of those days. Which other days would suit you?"
SERIES_AS_IT_IS = (
    "{name} has offered a series, and I pass on only an answer to it: yes, no, or yes without some "
    "days (“all but 24 November”). For another one propose your own, for example: every other "
    "Tuesday at 4pm with {name}."
)
GROUP_AS_IT_IS = (
    "{name} asks several people, so I pass on only which of these times suit you, or that none "
    "does. If another time is better for you, tell {name}, who can propose it to all."
)
