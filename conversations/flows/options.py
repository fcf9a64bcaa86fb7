"""Lists of options that the report offers, apart from its course: roles, kinds of events, origins,
regions.
"""

from conversations.conditions import any_of
from conversations.model import N_
from conversations.questions import Choice, Words
from conversations.steps import Ask

YES_NO = {"yes": N_("Yes"), "no": N_("No")}

IN_UK = Choice(
    N_("Are you in the UK now?"),
    {"yes": N_("Yes"), "no": N_("No"), "rather_not": N_("I'd rather not say")},
)
IN_UKRAINE = Choice(N_("{happened}"), {"yes": N_("Yes"), "no": N_("No")})
"""Version 2 asks both before the account, version 3 after it."""
CONNECTED = N_("How are you connected with what happened?")

ROLES = (
    {
        "me": N_("It happened to me"),
        "saw": N_("I saw or heard it"),
        "relative": N_("To a close relative"),
        "told": N_("Someone told me"),
        "sent": N_("Someone sent me material"),
        "helping": N_("I am helping someone"),
    },
    {
        "found": N_("I found something"),
        "took_part": N_("I took part or was ordered"),
        "suspect": N_("I know a suspect"),
        "media": N_("I saw it in the media"),
    },
)

ROLES_3 = (
    {name: ROLES[0][name] for name in ("me", "saw", "relative", "told", "sent")},
    {"helping": ROLES[0]["helping"], **ROLES[1]},
)
"""Five a screen: with its controls no more than eight rows of a phone."""

FITS = (
    {
        "attack": N_("Shelling or an attack"),
        "protected": N_("Hospital, school, church"),
        "property": N_("Things taken or destroyed"),
        "blocked": N_("Food, aid, leaving blocked"),
        "environment": N_("Water, land, dam, nature"),
        "other": N_("Something else, not sure"),
    },
    {
        "moved": N_("Forced to move or leave"),
        "served": N_("Forced to serve or work"),
        "shields": N_("People used as cover"),
        "held": N_("Held, taken, missing"),
        "weapons": N_("Mines, cluster bombs, gas"),
        "other_2": N_("Something else, not sure"),
    },
    {
        "killed": N_("People killed"),
        "graves": N_("Bodies, graves"),
        "pow": N_("Prisoners of war, wounded"),
        "torture": N_("Beatings, torture"),
        "children": N_("Children taken or harmed"),
        "sexual": N_("Sexual violence"),
        "other_3": N_("Something else, not sure"),
    },
)
"""Three pages, mildest first, after the account (domain.md section 5)."""

FITS_3 = (
    {
        "killed": N_("People killed or hurt"),
        "held": FITS[1]["held"],
        "attack": FITS[0]["attack"],
        "moved": FITS[1]["moved"],
        "property": FITS[0]["property"],
    },
    {
        "torture": FITS[2]["torture"],
        "protected": FITS[0]["protected"],
        "blocked": FITS[0]["blocked"],
        "served": FITS[1]["served"],
        "shields": FITS[1]["shields"],
    },
    {
        "graves": FITS[2]["graves"],
        "pow": FITS[2]["pow"],
        "children": FITS[2]["children"],
        "weapons": FITS[1]["weapons"],
        "sexual": FITS[2]["sexual"],
    },
    {"environment": FITS[0]["environment"], "other": FITS[0]["other"]},
)
"""What is told most often first; something else on the last page only."""

SHARES = {
    "icc": N_("Criminal Court"),
    "ukraine": N_("{prosecutors_option}"),
    "partners": N_("Partners of the police"),
}

SENSITIVE = ("torture", "sexual", "children", "pow")
"""After these no detail is asked; a specialist is offered, and the referral is sealed to
specialists.
"""

ORIGIN = (
    Ask(
        "made_by",
        Choice(
            N_("{file}: who made it?"),
            {"me": N_("I did"), "known": N_("Somebody I know"), "other": N_("Somebody else")},
        ),
        part=4,
    ),
    Ask("made_when", Words(N_("{file}: when and where was it made, if you know?")), part=4),
    Ask(
        "got",
        Choice(
            N_("{file}: how did you get it?"),
            {
                "own": N_("It is my own"),
                "person": N_("A person sent it to me"),
                "channel": N_("From a channel or site"),
            },
        ),
        part=4,
        unless=(any_of("made_by", "me"),),
    ),
    Ask(
        "original",
        Choice(
            N_("{file}: does the original still exist?"),
            {"yes": N_("Yes, I have it"), "other": N_("Yes, elsewhere"), "no": N_("No")},
        ),
        part=4,
    ),
    Ask("edited", Choice(N_("{file}: was it cut or edited?"), YES_NO), part=4),
)

REGIONS = {
    "london": N_("London"),
    "south": N_("England, south"),
    "midlands": N_("England, Midlands and east"),
    "north": N_("England, north"),
    "scotland": N_("Scotland"),
    "wales": N_("Wales"),
    "ni": N_("Northern Ireland"),
}

REGIONS_3 = {
    name: REGIONS[name]
    for name in ("london", "scotland", "wales", "north", "south", "midlands", "ni")
}
