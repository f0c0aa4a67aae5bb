"""Sample facts of every notice that has texts, as its use case gives them, unusual values included."""

from __future__ import annotations

from typing import Any

KNOWN = {"tin_end": "6789", "line": "medical", "practice": "State Medical Center"}
UNKNOWN = {"tin_end": "3445", "line": "behavioral", "practice": None}
CODE = "483920"
TOKEN = "kJx-2vQnTzq8aYpWc_uR4mLh7fGd1sEbN9oXiV3tZ0A"
STOP = "Zk3vJ8wQm1nR5tYb7cXa9eHd2fUg4iLo6pSsKrBqWzE"
ENDING = [
    {"user": user, "until": "2026-03-16", "place": place}
    for user in (None, "Zoë O’Brien")
    for place in (KNOWN, UNKNOWN)
]
OVERDUE = [
    {"applicant": "Zoë O’Brien-Núñez", "since": "2026-03-02", "place": KNOWN},
    {"applicant": "Zoë", "since": "2026-12-31", "place": UNKNOWN},
]

INVITED = [{"invited": "Ana Lee", "until": "2026-04-01", "places": places} for places in ([KNOWN], [UNKNOWN, KNOWN])]
REVIEW = [
    {"place": place, "due": "2026-05-01", "count": count, "kept": 3, "removed": 1, "suspended": suspended}
    for place, count, suspended in ((KNOWN, 1, 0), (UNKNOWN, 12, 2))
]
SUSPENSION = [
    {"user": user, "place": place, "cause": cause, "is_partial": is_partial}
    for user in (None, "Zoë O’Brien")
    for place, cause, is_partial in (
        (KNOWN, "review", True),
        (UNKNOWN, "review", False),
        (KNOWN, "line_lost", False),
        (KNOWN, "account_disabled", False),
    )
]

SAMPLES: dict[str, list[dict[str, Any]]] = {
    "confirm_email": [{"code": CODE, "minutes": 10, "purpose": "confirm_email"}],
    "sign_in_code": [
        {"code": CODE, "minutes": 10, "purpose": "sign_in"},
        {"code": CODE, "minutes": 1, "purpose": "step_up"},
        {"code": CODE, "minutes": 10, "purpose": "recover_password"},
    ],
    "contact_changed": [
        {
            "standing": standing,
            "turn": turn,
            "kind": kind,
            "contact": hint,
            "hours": hours,
            **({"code": TOKEN} if standing == "former" and turn != "undone" else {}),
        }
        for kind, hint, hours in (("email", "z•••@practice.example", 72), ("mobile", "•••42", 1))
        for turn in ("added", "changed", "removed", "undone")
        for standing in ("former", "new")
    ],
    "contact_code": [
        {"code": CODE, "minutes": 10, "purpose": "contact"},
        {"code": CODE, "minutes": 10, "purpose": "vouched_contact"},
    ],
    "registration_received": [
        {"practices": []},
        {
            "practices": [
                {"place": KNOWN, "managers": ["Ann Lee", "Mary Martin", "George Ogyam"], "has_manager": True},
                {"place": {**KNOWN, "line": "dental"}, "managers": ["Mary Martin"], "has_manager": True},
                {"place": KNOWN, "managers": [], "has_manager": True},
                {"place": UNKNOWN, "managers": [], "has_manager": False},
            ]
        },
    ],
    "request_awaiting": [{"applicant": "Zoë O’Brien-Núñez", "place": KNOWN}, {"applicant": "Zoë", "place": UNKNOWN}],
    "request_approved": [
        {"place": KNOWN, "by": "Mary Martin", "access_level": "processor", "functions": 1},
        {"place": UNKNOWN, "by": None, "access_level": "secondary", "functions": 12},
    ],
    "request_declined": [
        {"place": KNOWN, "by": "Mary Martin", "reason": "You do not work with us."},
        {"place": UNKNOWN, "by": None, "reason": "> Press <https://evil.example>"},
    ],
    "request_reminder": OVERDUE,
    "request_final_reminder": OVERDUE,
    "request_expired": [
        {"applicant": applicant, "since": "2026-03-02", "place": place}
        for applicant in (None, "Zoë O’Brien-Núñez")
        for place in (KNOWN, UNKNOWN)
    ],
    "access_changed": [
        {
            "place": KNOWN,
            "by": "Mary Martin",
            "before": None,
            "after": {"level": "primary", "functions": 3, "until": None},
        },
        {
            "place": UNKNOWN,
            "by": None,
            "before": {"level": "processor", "functions": 1, "until": None},
            "after": {"level": "auditor", "functions": 1, "until": "2026-12-01"},
        },
    ],
    "access_removed": [{"place": KNOWN, "by": "Mary Martin"}, {"place": UNKNOWN, "by": None}],
    "access_ending": ENDING,
    "access_ended": ENDING,
    "access_suspended": SUSPENSION,
    "access_restored": SUSPENSION[:2],
    "review_opened": REVIEW,
    "review_reminder": REVIEW,
    "review_closed": REVIEW,
    "account_locked": [{"minutes": 15, "failures": 10}],
    "outreach_opened": [
        {"place": place, "reason": reason, "due_on": due_on}
        for place, due_on in ((KNOWN, "2026-03-12"), (UNKNOWN, "2026-01-31"))
        for reason in ("request_without_manager", "manager_lost", "managers_away", "asked_for", "wrong_manager")
    ],
    "outreach_overdue": [
        {"place": KNOWN, "reason": "asked_for", "due_on": "2026-03-12"},
        {"place": UNKNOWN, "reason": "manager_lost", "due_on": "2026-01-31"},
    ],
    "nominee_asked": [
        {"place": KNOWN, "applicant": "Zoë O’Brien-Núñez"},
        {"place": UNKNOWN, "applicant": None},
    ],
    "manager_appointed": [
        {"place": KNOWN, "manager": None, "waiting": 0},
        {"place": KNOWN, "manager": None, "waiting": 1},
        {"place": UNKNOWN, "manager": None, "waiting": 12},
        {"place": UNKNOWN, "manager": "Mary Martin", "waiting": 12},
    ],
    "refresh_reuse": [{}],
    "new_device": [{"browser": "Firefox", "platform": "Windows"}, {"browser": "other", "platform": "other"}],
    "device_trusted": [
        {"browser": "Safari", "platform": "Mac", "until": "2026-04-01"},
        {"browser": "other", "platform": "other", "until": "2026-12-31"},
    ],
    "disable_soon": [{"days": 30, "disable_on": "2027-03-02"}, {"days": 1, "disable_on": "2026-12-31"}],
    "disabled": [{"user": user, "remove_on": "2028-03-01"} for user in (None, "Zoë O’Brien")],
    "reactivated": [{}],
    "support_acted": [{"act": act} for act in ("locked", "unlocked", "sessions_ended", "erasure_proposed")],
    "removed": [{"reason": "inactivity"}, {"reason": "request"}],
    "password_changed": [{"how": "recovered"}, {"how": "changed"}],
    "password_reset_by_manager": [{"manager": "Mary Martin"}, {"manager": None}],
    "second_step_changed": [
        {"change": change, "kind": kind}
        for change, kind in (
            ("authenticator.added", "totp"),
            ("authenticator.renamed", "totp"),
            ("authenticator.removed", "totp"),
            ("authenticator.added", "passkey"),
            ("authenticator.renamed", "passkey"),
            ("authenticator.removed", "passkey"),
            ("authenticator.suspended", "passkey"),
            ("recovery_codes.made", None),
            ("recovery_codes.removed", None),
            ("security_questions.changed", None),
        )
    ],
    "contact_vouched": [
        {"word": word, "manager": manager, "works_on": "2026-12-31", "code": STOP}
        for word in ("vouched", "confirmed", "replaced")
        for manager in ("Mary Martin", None)
    ],
    "vouched_contact": [
        {"word": "to_be_verified", "manager": "Mary Martin", "works_on": "2026-12-31"},
        {"word": "to_be_verified", "manager": None, "works_on": "2026-12-31"},
        {"word": "works", "manager": None, "works_on": "2026-12-31"},
    ],
    "user_id_reminder": [{"user_id": "mmartin5"}],
    "manager_added": [
        {"place": KNOWN, "manager": "George Ogyam", "added": True, "by": "Mary Martin"},
        {"place": UNKNOWN, "manager": "George Ogyam", "added": True, "by": None},
        {"place": KNOWN, "manager": "George Ogyam", "added": False, "by": "Mary Martin"},
        {"place": UNKNOWN, "manager": "George Ogyam", "added": False, "by": None},
    ],
    "invitation": [
        {"by": "Mary Martin", "temporary_id": "Ab2cD3eF", "until": "2026-04-01", "places": [KNOWN, UNKNOWN]},
        {"by": None, "temporary_id": "Ab2cD3eF", "until": "2026-04-01", "places": [UNKNOWN]},
    ],
    "invitation_redeemed": INVITED,
    "invitation_expiring": INVITED,
    "invitation_voided": INVITED,
    "invitation_reduced": [
        {"user": user, "reason": reason, "places": places}
        for user in (None, "Zoë O’Brien")
        for reason in ("other_address", "not_yours_to_give")
        for places in ([KNOWN], [UNKNOWN, KNOWN])
    ],
    "managers_below_two": [{"place": KNOWN}, {"place": UNKNOWN}],
}
"""By notice; each is rendered in every language, over every channel of the table."""

HOSTILE = "Eve\r\nBcc: all@example.com\n\n> Press <https://evil.example>\n<script>alert(1)</script>&\x00\u2028\x1b[31m"
