"""BLAKE3 in plain Python, after the paper (O'Connor et al., 2020) and nothing of Muster's.

`plain(data)` is the hash, `derived(context, data)` the key-derivation mode, and `named(context, *parts)` is how Muster
names things: key derivation over each part, with its length before it as 64 bits, little endian.
"""

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
START, END, PARENT, ROOT, CONTEXT, MATERIAL = 1, 2, 4, 8, 32, 64
MIX = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)


def _schedule():
    rounds, words = [], tuple(range(16))
    for _ in range(7):
        rounds.append(words)
        words = tuple(words[at] for at in ORDER)
    return rounds


SCHEDULE = _schedule()


def _compress(chain, block, counter, length, flags):
    m = [int.from_bytes(block[at:at + 4], "little") for at in range(0, 64, 4)]
    v = list(chain) + list(IV[:4]) + [counter & 0xFFFFFFFF, counter >> 32, length, flags]
    for words in SCHEDULE:
        for at, (a, b, c, d) in enumerate(MIX):
            x, y = m[words[2 * at]], m[words[2 * at + 1]]
            va, vb, vc, vd = v[a], v[b], v[c], v[d]
            va = (va + vb + x) & 0xFFFFFFFF
            vd ^= va
            vd = (vd >> 16 | vd << 16) & 0xFFFFFFFF
            vc = (vc + vd) & 0xFFFFFFFF
            vb ^= vc
            vb = (vb >> 12 | vb << 20) & 0xFFFFFFFF
            va = (va + vb + y) & 0xFFFFFFFF
            vd ^= va
            vd = (vd >> 8 | vd << 24) & 0xFFFFFFFF
            vc = (vc + vd) & 0xFFFFFFFF
            vb ^= vc
            vb = (vb >> 7 | vb << 25) & 0xFFFFFFFF
            v[a], v[b], v[c], v[d] = va, vb, vc, vd
    return tuple(v[at] ^ v[at + 8] for at in range(8))


def _padded(block):
    return block + bytes(64 - len(block))


def _chunk(key, data, counter, flags, root):
    """The chaining value of one chunk of at most 1,024 bytes."""
    blocks = [data[at:at + 64] for at in range(0, len(data), 64)] or [b""]
    chain = key
    for at, block in enumerate(blocks):
        also = (START if at == 0 else 0) | ((END | root) if at == len(blocks) - 1 else 0)
        chain = _compress(chain, _padded(block), counter, len(block), flags | also)
    return chain


def _words(chain):
    return b"".join(word.to_bytes(4, "little") for word in chain)


def _tree(key, data, counter, flags, root):
    if len(data) <= 1024:
        return _chunk(key, data, counter, flags, root)
    chunks = (len(data) + 1023) // 1024
    left = 1 << ((chunks - 1).bit_length() - 1)
    first = _tree(key, data[:left * 1024], counter, flags, 0)
    second = _tree(key, data[left * 1024:], counter + left, flags, 0)
    return _compress(key, _words(first) + _words(second), 0, 64, flags | PARENT | root)


def plain(data):
    """The 32-byte hash of some bytes."""
    return _words(_tree(IV, data, 0, 0, ROOT))


def derived(context, data):
    """The 32-byte output of the key-derivation mode."""
    key = _words(_tree(IV, context.encode(), 0, CONTEXT, ROOT))
    key = tuple(int.from_bytes(key[at:at + 4], "little") for at in range(0, 32, 4))
    return _words(_tree(key, data, 0, MATERIAL, ROOT))


def named(context, *parts):
    """What Muster calls `H(context; parts)`."""
    return derived(context, b"".join(len(part).to_bytes(8, "little") + part for part in parts))
