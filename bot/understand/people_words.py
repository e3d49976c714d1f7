"""Word lists that tell a person from everything else that may stand in a person's place."""

from __future__ import annotations

from bot.understand.intent import Relation


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The person follows these words, in any case of letters.
WITH = frozenset({"with", "w/", "w", "wth"})
# The person follows these words when written with a capital or known by name.
CALLS = _words(
    """
    remind send let give meet see invite call ask tell ping contact include join email phone
    message text book schedule meeting between for and or cc nudge skype video coach mentor
    visit confirm reach
    """
)
# After "add Dana" these say that Dana is a person: "add Dana to", "as a mentor", "from the list".
AFTER_ADDED = frozenset({"to", "as", "from"})

GROUP = frozenset({"everyone", "everybody", "all", "circle", "group", "cohort"})
RELATIONS = {
    "mentor": Relation.MENTOR,
    "mentors": Relation.MENTOR,
    "mentee": Relation.MENTEE,
    "mentees": Relation.MENTEE,
    "coach": Relation.COACH,
    "coaches": Relation.COACH,
    "coachee": Relation.COACHEE,
    "coachees": Relation.COACHEE,
}
# Small words inside a surname: "Ludwig van Beethoven", "Omar bin Rashid".
PARTICLES = _words("van der den de la del di da dos von zu bin ibn al el ben ten ter le du af")
HONORIFICS = frozenset({"san", "sama", "kun", "chan", "ji"})  # "Kenji-san"
TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "professor",
        "sir",
        "madam",
        "doctor",
        "aunt",
        "uncle",
    }
)
# Words that are names too, when they are written with a capital inside a sentence.
ALSO_NAMES = _words(
    """
    will may mark bill art grant rose hope faith grace joy april june august summer jan guy rob pat
    sue drew chase miles cliff frank dean ray jack penny rich skip ward wade lance max dawn eve
    holly ivy lily violet amber ruby jade pearl heather ginger iris olive daisy
    """
)
# A name with one of these in it, or before it, is a firm or a department.
FIRMS = _words(
    """
    resources dental clinic inc corp company bank office hospital salon school church university llc
    ltd services solutions partners studio agency department branch airlines labs insurance club
    """
)
# "time for Amy and Bob", "30 min for Maya with Alex": the meeting is for these.
FOR_WHOM = _words("time times slot slots session sessions meeting call room")
# "Ruby's manager" names Ruby; "Sally's Hair Salon" names a place.
BELONGING = _words(
    """
    team manager boss assistant secretary wife husband partner group crew family brother sister
    mom mum dad mother father supervisor supervisors department calendar calendars schedule
    availability diary mentor mentee coach managers teams direct skip hours slot slots office
    reports report parents friends friend kids son daughter free busy
    """
)

MEETINGS = _words(
    """
    meeting meetings session sessions appointment appointments call calls event events 1:1 chat
    catchup sync review lunch dinner brunch breakfast coffee interview standup party date
    wedding birthday conference workshop demo presentation visit mtg appt meet
    """
)

# Words that are not names although they may stand after "with", "for" or "meet".
NOT_NAMES = _words(
    """
    a an the this that these those my your his her its our their me you him it us them i we he
    she they myself yourself himself herself itself ourselves themselves who whom whose what
    which when where why how anyone anybody someone somebody everyone everybody all both each
    every any some no none one two three another other others same different new old only just
    also too either neither and or but not nor so if then than as at by for from in into of off
    on onto out over to under up with within without about above across after again against
    along among around before behind below beside between beyond down during except inside like
    near next past since through till toward towards until upon via per is am are was were be
    been being do does did doing done have has had having can could may might must shall should
    will would need needs want wants let lets please thanks thank ok okay yes yeah nope hi hello
    hey sure maybe perhaps possibly now later soon asap today tonight here there online
    virtually remotely together instead still ago already always never ever sometime sometimes
    anytime whenever somewhere regarding concerning re cc fwd vs plus minus team teams client
    clients customer customers boss manager managers staff everyone's colleague colleagues
    coworker coworkers friend friends family parents parent mom mum dad mother father brother
    sister wife husband kids kid son daughter grandma grandpa uncle aunt cousin neighbor
    neighbour girlfriend boyfriend partner partners doctor dentist therapist lawyer accountant
    vet barber hairdresser nurse teacher principal professor student students board committee
    council department division group groups crew people person guys folks sales marketing
    engineering finance legal hr support product design operations ops admin administration
    infrastructure corporate management leadership executives exec execs research development
    security compliance procurement logistics accounting payroll investor investors vendor
    vendors supplier suppliers contractor contractors architect builder plumber electrician
    meeting meetings session sessions appointment appointments call calls event events chat
    chats lunch dinner brunch breakfast coffee tea drinks beer party wedding birthday conference
    workshop workshops training interview interviews review reviews standup sync syncs demo
    demos class lesson lessons course yoga gym golf tennis football soccer basketball poker
    movie dance music concert game games work school office home house room rooms place table
    slot slots time times date dates day days week weeks month months hour hours minute minutes
    morning afternoon evening night calendar schedule agenda invite invitation reminder zoom
    skype google outlook slack meet microsoft apple gmail icloud exchange video phone audio
    facetime webex hangouts subject title topic purpose notes results plans plan planning
    project projects status update updates report reports budget quarterly annual monthly weekly
    daily first second third half quarter early late mid end start beginning middle rest more
    less least most much many few several lot lots bit little full free busy available open good
    great fine best better perfect short quick brief long important urgent private public
    optional required possible friday's monday's it's that's what's let's i'm i'll i'd i've
    we're we'll don't doesn't can't won't isn't aren't cannot get got go going goes come coming
    take taking make making give show find look check keep leave put set see know tell ask say
    talk speak discuss help use move cancel delete remove change add create book reschedule
    arrange organise organize respect regards care science portals food pizza cake gifts snacks
    space view option options mentor mentors mentee mentees coach coaches coachee coachees
    circle cohort programme program aurora's emphasis focus location zone timezone buffer
    buffers
    haircut checkup vacation holiday holidays trip picnic barbecue bbq anniversary graduation
    swimming running jogging walk hike pilates church mass rehearsal recital massage manicure
    confirm confirmed accept decline either weather alarm traffic study deadline homework exam test
    tests quiz payday bedtime laundry groceries cleaning
    """
)
BOTS = frozenset({"assistant", "tandem", "bot", "schedulingassistant", "cortana", "siri", "alexa"})
TITLED = frozenset({"called", "titled", "named", "entitled", "subject", "title", "labeled"})
