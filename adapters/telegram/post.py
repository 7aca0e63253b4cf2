"""One message on its way: what it says, where it goes, and the other forms in which it may still arrive."""

from dataclasses import dataclass, replace

from adapters.telegram.meanings import Repair
from adapters.telegram.receive import Place
from adapters.telegram.render import MAXIMUM_CAPTION, Drawing, render
from content.screen import Screen


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as PNG, and its alt text as the caption."""

    png: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Post:
    """One call's worth: `edit` is the message that is redrawn, None sends a new one; `plain` leaves the markup out."""

    chat: int
    drawing: Drawing
    thread: int | None = None
    edit: int | None = None
    reply: int | None = None
    plain: bool = False
    moved: bool = False
    photo: Photo | None = None

    @property
    def method(self) -> str:
        """The Bot API's method for this text."""
        return "sendMessage" if self.edit is None else "editMessageText"

    def body(self) -> bytes:
        """The call's JSON: a short head, and the tail that was encoded once with the screen."""
        head = f'{{"chat_id":{self.chat},'
        if self.edit is not None:
            head += f'"message_id":{self.edit},'
        else:
            head += _new_message(self.thread, self.reply)
        return head.encode("ascii") + (self.drawing.plain_tail if self.plain else self.drawing.tail)


def answer_post(place: Place, screen: Screen) -> Post:
    """The screen as the answer at `place`: the tapped message redrawn, or a new one."""
    edit = None if place.below else place.message
    return Post(place.chat, render(screen), place.thread, edit, place.reply)


def photo_post(place: Place, screen: Screen, png: bytes) -> Post:
    """The screen's picture as a message of its own. Its buttons answer below: a photo cannot become text again."""
    caption = screen.picture.alt[:MAXIMUM_CAPTION] if screen.picture else ""
    return Post(place.chat, render(screen, below=True), place.thread, reply=place.reply, photo=Photo(png, caption))


def repaired(post: Post, repair: Repair, chat: int | None = None) -> Post | None:
    """The post in another form; None where it has that form already, so that repairing ends. `chat` is where a moved chat went."""
    if repair is Repair.NEW_MESSAGE and post.edit is not None:
        return replace(post, edit=None)
    if repair is Repair.NO_THREAD and post.thread is not None:
        return replace(post, thread=None)
    if repair is Repair.PLAIN and not post.plain:
        return replace(post, plain=True)
    if repair is Repair.MOVED and not post.moved and chat is not None:
        return replace(post, chat=chat, edit=None, reply=None, moved=True)
    return None


def _new_message(thread: int | None, reply: int | None) -> str:
    inside = f'"message_thread_id":{thread},' if thread is not None else ""
    quoting = f'"reply_parameters":{{"message_id":{reply},"allow_sending_without_reply":true}},' if reply is not None else ""
    return inside + quoting
