"""What stands in strings that are not for reading as they are: texts in base64, certificates and keys."""

from tfc_plan_comment.plan.difference import Changed, ChangedText, Difference
from tfc_plan_comment.plan.encoded_text import decode_base64, name_pem
from tfc_plan_comment.plan.text_diff import diff_texts
from tfc_plan_comment.plan.values import Base64Text, Described


def encoded(text: str) -> Base64Text | Described | None:
    """The content of a string that is not for reading as it stands; None of any other."""
    if kind := name_pem(text):
        return Described(f"{kind}, {len(text):,} characters", text)
    decoded = decode_base64(text)
    return None if decoded is None else Base64Text(decoded)


def encoded_change(before: str, after: str) -> Difference | None:
    """The difference of what stands in two strings; None if neither holds anything but itself."""
    match encoded(before), encoded(after):
        case Base64Text(old), Base64Text(new) if "\n" in old or "\n" in new:
            return ChangedText(old, new, diff_texts(old, new), "text in base64")
        case Described() as old, Described() as new:
            return Changed(old, new, "another one")
        case old, new if old or new:
            return Changed(old or before, new or after)
        case _:
            return None
