"""Words that stand nowhere else: typed into every field of a journey, they must not be in a log."""

import re
import urllib.parse
import urllib.request

from tests.faults.visitor import HIDDEN, TOKEN, Answer, Visitor

NAME = "Zebedee Quillfeather"
EMAIL = "zebedee.quillfeather@planted.example"
# What is typed where: whatever of it is in a log tells which way it came.
TYPED = {
    "wrong password": "wrong-Pelargonium",
    "new password": "chosen-Delphinium-26",
    "unknown address": "hollyhock@planted.example",
    "search": "Larkspur",
    "query of a page": "Valerian",
    "address of no page": "Foxglove",
    "host": "aquilegia.example",
    "broken request": "Hellebore",
    "referrer": "Hydrangea",
    "reference of a payment": "Antirrhinum",
    "note": "Calendula spoke of Ranunculus",
    "reason": "Tuberose",
    "reason that the database refuses": "Wisteria",
    "file name": "Snapdragon",
    "recipient": "Marigold Trust",
    "description": "Periwinkle mornings",
    "broken cell": "Agapanthus",
    "broken workbook": "Gypsophila",
    "title that the database refuses": "Nasturtium",
}


def found_in(text: str) -> set[str]:
    """The planted words that a text holds, however they are written there."""
    words = {part for typed in (NAME, EMAIL, *TYPED.values()) for part in typed.replace("@", " ").split()}
    common = {"wrong", "spoke", "of", "Trust", "mornings"}
    small = text.casefold()
    return {word for word in words - common if word.casefold() in small}


class Typist(Visitor):
    """A visitor who also sends files."""

    def act(self, path: str, **fields: str) -> None:
        """Fill in a form that is accepted, which leads away from it."""
        answer = self.fill_in(path, **fields)
        refused = re.findall(
            r"<li>\s*(?:<a [^>]*>)?([^<]+)", answer.text.partition("error-summary__list")[2][:1000]
        )
        assert answer.status == 200, (path, answer.status)
        assert not answer.address.endswith(path), (path, refused)

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Open the page of a form and send it with a file in its field `file`."""
        page = self.get(path)
        unseen = dict(HIDDEN.findall(page.text)) | {"csrfmiddlewaretoken": TOKEN.findall(page.text)[-1]}
        boundary = "boundary-of-the-parts"
        head = 'Content-Disposition: form-data; name="{}"'
        parts = [f"--{boundary}\r\n{head.format(key)}\r\n\r\n{value}\r\n" for key, value in unseen.items()]
        parts.append(f'--{boundary}\r\n{head.format("file")}; filename="{name}"\r\n\r\n')
        body = "".join(parts).encode() + content + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._ask(urllib.request.Request(self.address + path, data=body, headers=kind))  # noqa: S310

    def forge(self, path: str, **fields: str) -> Answer:
        """Send a form that was never open, as another site would."""
        data = urllib.parse.urlencode(fields).encode()
        return self._ask(urllib.request.Request(self.address + path, data=data))  # noqa: S310
