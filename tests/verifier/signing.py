"""Ed25519 in plain Python, after RFC 8032, as strictly as Muster checks it.

Refused besides what the RFC refuses: keys and commitments of small order, and a commitment that is not written in its
one form. `holds` is for messages signed for one use: they begin with a word of Muster's, and the use.
"""

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(a, b):
    """Two points in extended coordinates (X, Y, Z, T)."""
    m = (a[1] - a[0]) * (b[1] - b[0]) % P
    n = (a[1] + a[0]) * (b[1] + b[0]) % P
    c = 2 * a[3] * b[3] * D % P
    d = 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _point(text):
    """A point from its 32 bytes, or None."""
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, (number & ((1 << 255) - 1)) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    if x & 1 != sign:
        x = -x % P
    return (x, y, 1, x * y % P)


def _text(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
NEUTRAL = (0, 1, 1, 0)


def verify(key, message, signature):
    """Whether this key signed these bytes."""
    if len(signature) != 64 or len(key) != 32:
        return False
    commitment, number = signature[:32], int.from_bytes(signature[32:], "little")
    public, committed = _point(key), _point(commitment)
    if number >= ORDER or public is None or committed is None:
        return False
    if _same(_times(8, public), NEUTRAL) or _same(_times(8, committed), NEUTRAL):
        return False
    asked = int.from_bytes(hashlib.sha512(commitment + key + message).digest(), "little") % ORDER
    x, y, z, t = _times(asked, public)
    return _text(_add(_times(number, BASE), (-x % P, y, z, -t % P))) == commitment


def holds(key, use, message, signature):
    """Whether this key signed this message for this use."""
    return verify(key, b"muster-signed\0" + bytes([len(use)]) + use.encode() + message, signature)
