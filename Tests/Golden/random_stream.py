"""Prints the numbers that RandomStreamTests holds: xoshiro256** and its seeding in plain Python.

Written from the definitions of FNV-1a, SplitMix64 and xoshiro256**, not from the Swift code; the
parts are checked against published outputs first.
"""

MASK = (1 << 64) - 1


def rotate(word, by):
    return ((word << by) | (word >> (64 - by))) & MASK


def xoshiro(state):
    s = list(state)
    while True:
        yield (rotate(s[1] * 5 & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)


def fnv1a(data):
    value = 14695981039346656037
    for byte in data:
        value = ((value ^ byte) * 1099511628211) & MASK
    return value


def split_mix(value):
    while True:
        value = (value + 0x9E3779B97F4A7C15) & MASK
        z = value
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def stream(seed, purpose, round_=0, client=-1):
    words = [round_ & MASK, client & MASK]
    data = seed.to_bytes(8, "little") + purpose.encode() + b"\xff"
    data += b"".join(word.to_bytes(8, "little") for word in words)
    seeds = split_mix(fnv1a(data))
    return xoshiro([next(seeds) for _ in range(4)])


def take(generator, count):
    return [next(generator) for _ in range(count)]


assert take(xoshiro([1, 2, 3, 4]), 4) == [11520, 0, 1509978240, 1215971899390074240]
assert take(split_mix(1234567), 2) == [6457827717110365317, 3203168211198807973]
assert fnv1a(b"foobar") == 0x85944171F73967E8

for arguments in [
    (0, ""),
    (7, "cohort", 3),
    (7, "batches", 3, 11),
    (MASK, "Zufall-é", -1, 2**40),
]:
    print(arguments, [hex(word) for word in take(stream(*arguments), 4)])
words = stream(7, "uniform")
print("uniform", [(next(words) >> 11) * 2.0**-53 for _ in range(3)])
words = stream(7, "index")
print("index", [next(words) * 10 >> 64 for _ in range(12)])
words, order = stream(7, "permutation"), list(range(10))
for last in range(9, 0, -1):
    other = next(words) * (last + 1) >> 64
    order[last], order[other] = order[other], order[last]
print("permutation", order)
