"""The page that checks in a browser: one file with its script and its looks in it, which asks no network.

Its own policy lets nothing else run and nothing be fetched, also in a copy that was saved (templates/publication/
verifier.html).
"""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_FOLDER = Path(__file__).parent
PYTHON = _FOLDER / "verify.py"
SCRIPT = (_FOLDER / "verify.js").read_text(encoding="utf-8")
_STYLE = (_FOLDER / "verify.css").read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


_INSIDE = (
    f"default-src 'none'; script-src {_hash(SCRIPT)}; style-src {_hash(_STYLE)}; base-uri 'none'; form-action 'none'"
)
# As a header it also says that no other page may frame it, which a page cannot say of itself.
POLICY = f"{_INSIDE}; frame-ancestors 'none'"

# What the script says, in the words of verify.py; a test holds the three together.
SENTENCES = (
    gettext_noop("Right"),
    gettext_noop("Wrong"),
    gettext_noop("Checking…"),
    gettext_noop("The proof is of leaf {index}, and the checkpoint has {size} leaves."),
    gettext_noop("The proof has more steps than the tree."),
    gettext_noop("The proof has fewer steps than the tree."),
    gettext_noop("The earlier checkpoint has {earlier} leaves, and the later one {size}."),
    gettext_noop("Two checkpoints of one size have different roots: the register was rewritten."),
    gettext_noop("The proof of consistency is empty."),
    gettext_noop("The proof of consistency has more steps than the tree."),
    gettext_noop("The proof of consistency has fewer steps than the tree."),
    gettext_noop("The proof of consistency does not lead to the later checkpoint."),
    gettext_noop("The proof of consistency does not lead to the earlier checkpoint: the register was rewritten."),
    gettext_noop("This is no public key of a register, or a mistyped one."),
    gettext_noop("The checkpoint has no signature."),
    gettext_noop("The checkpoint is not whole."),
    gettext_noop("The checkpoint is not signed with this key, or was changed."),
    gettext_noop("Part {number} is not what was sent: its words and its salt do not give its digest."),
    gettext_noop("The digests, in this order, do not give the commitment."),
    gettext_noop("The entry of the register is about something else than what was sent."),
    gettext_noop("The entry of the register is of another consultation, or of another kind."),
    gettext_noop("The proof does not lead to the checkpoint's root."),
    gettext_noop("{name} is not the file that SHA256SUMS is about."),
    gettext_noop("The published text {id} does not say what the register's entry is bound to."),
    gettext_noop("The two checkpoints are of two different registers."),
    gettext_noop("A file is not what it should be."),
    gettext_noop("This browser cannot check such signatures. Take a newer one, or verify.py."),
    gettext_noop(
        "Choose the proof of your receipt and inclusion.json; or the archive; or paste a checkpoint, and choose"
        " consistency.json."
    ),
    gettext_noop("The public key is missing."),
    gettext_noop(
        "What the proof holds ({shown} of {parts} parts with their words) is entry {index} of {size} in {origin}."
    ),
    gettext_noop("{count} files are as their sums say. No text is proven: the archive holds no proof of any."),
    gettext_noop("{name} stands twice in the archive."),
    gettext_noop("{name} is not named in SHA256SUMS."),
    gettext_noop("Two of one kind were given: check them one after the other."),
    gettext_noop(
        "{count} files are as their sums say; {shown} of {texts} texts in contributions.jsonl stand in the register,"
        " word for word."
    ),
    gettext_noop("The key is the archive's own: compare it with the one on the register's page."),
    gettext_noop("{origin} still begins with the {earlier} entries that it had; it has {size} now."),
)


def verifier_page(*, register_url: str, keys: Sequence[str] = (), is_copy: bool = False) -> bytes:
    """HTML in the present language.

    Args:
        register_url: where the register of the consultation is, to be opened from anywhere.
        keys: what stands in the field for the public key.
        is_copy: it is given out as a file, and need not offer to be saved.
    """
    context = {
        "policy": _INSIDE,
        "style": _STYLE,
        "script": SCRIPT,
        "words": {sentence: _(sentence) for sentence in SENTENCES},
        "keys": "\n".join(keys),
        "register_url": register_url,
        "is_copy": is_copy,
    }
    return render_to_string("publication/verifier.html", context).encode()
