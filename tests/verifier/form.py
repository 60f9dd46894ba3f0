"""Reading postcard (https://postcard.jamesmunns.com/wire-format) in its one legal form.

A shape is a function from a `Reader` to a value. Whatever is not in the one form that writing it again would give (a
number in more bytes than it needs, a flag that is neither 0 nor 1, something left over) is `Malformed`.
"""


class Malformed(Exception):
    """These bytes are not what they should be."""


class Reader:
    """Bytes, and how far they are read."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, many):
        if many < 0 or self.at + many > len(self.data):
            raise Malformed
        self.at += many
        return self.data[self.at - many:self.at]


def whole(shape, data):
    """All of some bytes as one shape."""
    reader = Reader(data)
    value = shape(reader)
    if reader.at != len(data):
        raise Malformed
    return value


def byte(reader):
    return reader.take(1)[0]


def fixed(many):
    return lambda reader: reader.take(many)


def unsigned(bits):
    def read(reader):
        value = shift = 0
        while True:
            one = byte(reader)
            value |= (one & 0x7F) << shift
            if one < 0x80:
                if (one == 0 and shift) or value >> bits:
                    raise Malformed
                return value
            shift += 7
            if shift > bits:
                raise Malformed
    return read


def signed(bits):
    def read(reader):
        value = unsigned(bits)(reader)
        return value >> 1 if value & 1 == 0 else -(value >> 1) - 1
    return read


def flag(reader):
    value = byte(reader)
    if value > 1:
        raise Malformed
    return value == 1


def optional(shape):
    return lambda reader: shape(reader) if flag(reader) else None


def sequence(shape):
    def read(reader):
        many = unsigned(64)(reader)
        if many > len(reader.data):
            raise Malformed
        return [shape(reader) for _ in range(many)]
    return read


def blob(reader):
    return reader.take(unsigned(64)(reader))


def text(reader):
    try:
        return blob(reader).decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed from None


def together(*shapes):
    return lambda reader: tuple(shape(reader) for shape in shapes)


def choice(*shapes):
    """One of several, by number."""
    def read(reader):
        which = unsigned(32)(reader)
        if which >= len(shapes):
            raise Malformed
        return (which, shapes[which](reader))
    return read


def nothing(_):
    return None


def fields(**shapes):
    """A record: a dictionary, with its own bytes under `bytes`."""
    def read(reader):
        begins = reader.at
        value = {name: shape(reader) for name, shape in shapes.items()}
        value["bytes"] = reader.data[begins:reader.at]
        return value
    return read
