"""Texts for the tokenizer fixtures: a small mixed corpus to train on, and hostile texts to encode.

Everything here was written for this project; no data set is copied.
"""

import random
import unicodedata

CORPUS = """
The lamp in the hallway is on. Turn it off at half past ten, please; it's the third time I've asked.
She said: "We'll heat the bathroom to 21 degrees, they're coming at 7:30, and I'd like some music."
Don't buy more than 12 eggs, 3 litres of milk, 250 g of butter and 1000 paper cups for 2025-06-14.
The quick brown fox jumps over the lazy dog. The lazy dogs were jumping over quickly running foxes.
    def turn_on(lamp, level=100):
        if lamp.is_on() and lamp.level == level:
            return None
        lamp.level = level  # in percent, 0..100

<div class="card"><p>Hello &amp; welcome!</p></div>  {"name": "kitchen", "value": 3.14159, "on": true}
Die Waschmaschine läuft noch zwei Stunden, danach müssen wir die Wäsche aufhängen. Schöne Grüße, Jörg!
L'été dernier, à la plage, nous avons mangé des glaces délicieuses; c'était génial, n'est-ce pas ?
El niño pequeño comió una piña en la mañana. ¿Cuántos años tiene? ¡Qué alegría!
Včera večer jsme šli do kina. Příliš žluťoučký kůň úpěl ďábelské ódy. Zażółć gęślą jaźń.
Сегодня вечером выключи свет на кухне и поставь будильник на семь часов. Спасибо большое!
今天晚上七点半请把客厅的灯关掉，然后播放一些轻松的音乐。谢谢你！今天的天气很好。
明日の朝六時に起こしてください。キッチンの電気を消して、音楽をかけてください。ありがとう。
오늘 저녁에 거실 불을 꺼 주세요. 내일 아침 여섯 시에 알람을 맞춰 주세요. 감사합니다.
مرحبا، من فضلك أطفئ الأنوار في المطبخ واضبط المنبه على الساعة السابعة. شكرا جزيلا.
कृपया रसोई की बत्ती बंद कर दो और सुबह सात बजे का अलार्म लगा दो। धन्यवाद।
Ανάψτε το φως στο σαλόνι, παρακαλώ. Καλημέρα σας! שלום, בבקשה כבה את האור בסלון.
👍🏽 👩‍👩‍👧‍👦 🎉🎉🎉 ☕️ ❤️‍🔥 → ← ✓ … — “quoted” ‘single’ €100 £20 ½ ² x² ∑ ∞
1234567890 42 007 3.14 1,000,000 555-0199 ١٢٣ १२३ Ⅷ ①②③ x1y2z3 v2.0.1 #42 @home
\tTabs\tand  double  spaces   and    more.\n\n\nNew lines\r\nof Windows\rand old Macs.\n \n  \n
""".replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r")

SPECIALS = ["<|im_start|>", "<|im_end|>", "<s>", "</s>", "<unk>", "<pad>", "<mask>", "<tool>", "<w>"]


def hostile():
    """Texts picked by hand."""
    texts = [
        "",
        " ",
        "  ",
        "   x",
        "x   ",
        " Hello",
        "  Hello",
        "Hello world",
        "Hello  world   again    and     so on",
        "\n",
        "\n\n\n",
        "\r\n\r\n",
        "a\nb\r\nc\rd\n\n\ne \n f\t\n\tg",
        " \n \n ",
        "\t\tx\t \ty\u00a0z\u2003w\u3000v\u2028u\u2029t\u0085s\u000br\u000cq\u1680p\u200bo\ufeffn",
        "\n hello\n  hello\n\thello \n",
        "it's we'll they're I've I'm he'd don't 'S 'T 'LL 'Re 'vE 'M 'D 's 't",
        "it’s we’ll they’re 's' ''s '' 'x '\u017fit '\u017f x'\u017f '\u212a 'S\u0301",
        "'", "''", "' s", " 's", "  's", "a's", "1's", "!'s", "'sa", "'lla", "'l", "'r", "'v", "'re1",
        "0 1 12 123 1234 12345 123456 1234567890123",
        "3.14159 1,000,000 1e-9 0x1F ١٢٣٤ १२३४ ⅷⅷⅷ ①②③④ ½¼ x² 10⁻⁹ ๔๕ 𝟘𝟙𝟚𝟛 〇一二",
        "a1b22c333d4444 1a 22b 333c ",
        " 1  2   3    4",
        "!!! ??? ... --- === /* */ // <!-- --> {}[]()<> @#$%^&*_+|~`",
        "  !!!\n\n ???\n\r\n ...",
        "a!b?c.d,e;f:g-h_i",
        "x = (y+z)*2;\n\treturn x;\n}\n",
        "👍 👍🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇨🇿🇯🇵 🧑🏿‍🚀 ☕️ ❤️‍🔥 1️⃣ 🫠",
        "今天天气很好，我们去公园吧。明日は雨です。오늘은 좋은 날입니다. 㐀𠀀𪚥",
        "مرحبا بالعالم، كيف حالك؟ السَّلَامُ عَلَيْكُمْ ﷺ ﷽",
        "नमस्ते दुनिया क्षत्रिय हिन्दी ไทยภาษา ភាសាខ្មែរ தமிழ்",
        "é é ñ ñ ü ü Å Å Å ﬁ ﬀ ẛ̣ ǆ ǅ Ω Ω K K",
        "e\u0301 a\u0308\u0304 a\u0304\u0308 q\u0323\u0307 q\u0307\u0323 \u0301start \u0344 \u0958 \u1100\u1161\u11a8",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
        "\u0000", "a\u0000b", "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\u000e\u000f\u0010\u001b[0m\u007f\u0080\u009f",
        "\u0004\u0006\u0013\u0014\u0016\u001d",
        "\ufffd\ufffe\uffff\U0001f9ff\U0010ffff\U000e0001\U000f0000\U00050000\U00090000",
        "\u200d\u200c\u200e\u200f\u202a\u202e\u2060\u00ad soft\u00adhyphen zero\u200bwidth",
        "▁▁ ▁ Ġ ĠĠ Ċ <0x0A> <0xFF> ▁Hello Ġhello",
        "".join(chr(c) for c in range(128)),
        "".join(chr(c) for c in range(128, 384)),
        "𝓗𝓮𝓵𝓵𝓸 𝕳𝖊𝖑𝖑𝖔 Ｆｕｌｌｗｉｄｔｈ　１２３ ＡＢＣ",
        "ÀÉÎÕÜ àéîõü ŠŽ ßẞ İı ŒœÆæ ŁłĐđ ΑΒΓ αβγς АБВ абв",
        "DerGroßeÜberfall_snake_case camelCaseWord HTTPServer2Go",
        "https://example.org/a/b?c=d&e=%20f#g mailto:a.b+c@d-e.co",
        "a" * 10_000,
        "ab" * 5_000,
        " " * 10_000,
        "\n" * 1_000,
        "7" * 1_000,
        "!" * 1_000,
        "漢" * 1_000,
        "é" * 1_000 + "e\u0301" * 1_000,
        " \n" * 500,
    ]
    letters = random.Random(7)
    texts.append("".join(letters.choice("etaoinshrdlu") for _ in range(3_000)))
    for special in SPECIALS:
        texts += [
            special,
            f"a{special}b",
            f"a {special} b",
            f"{special}{special}  {special}\n x",
        ]
    texts += ["<|im_end", "|im_end|>", "<<|im_end|>>", "x<|im_start|>user\nHi<|im_end|>\n", "é<mask>é", "\u3000<mask>\u2003\n<tool>  x"]
    return texts


def alphabet():
    """Scalars assigned in Unicode 3.2 already, whose categories all libraries agree on."""
    old = unicodedata.ucd_3_2_0
    scalars = []
    for code in range(0x110000):
        if 0xD800 <= code < 0xE000 or 0xAC00 <= code < 0xD7A4 or 0x4E00 <= code < 0x9FFF or 0x20000 <= code < 0x2FA00:
            continue
        if 0xE000 <= code < 0xF900 or code >= 0xF0000:
            continue
        category = old.category(chr(code))
        if category != "Cn" and category == unicodedata.category(chr(code)):
            scalars.append(chr(code))
    return scalars


def fuzz(count, seed):
    """Random strings, from tame to wild."""
    rng = random.Random(seed)
    scalars = alphabet()
    words = CORPUS.split()
    spaces = [" ", " ", " ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", "\u00a0", "\u3000", " \n"]
    tokens = ["'s", "'ll", "'S", "'", "1", "23", "456", "7890", "!", "...", "é", "e\u0301", "<", ">", "|", "▁", *SPECIALS]
    texts = []
    for _ in range(count):
        kind = rng.random()
        parts = []
        for _ in range(rng.randint(1, 24)):
            draw = rng.random()
            if draw < 0.25 + 0.3 * kind:
                parts.append(rng.choice(words))
            elif draw < 0.6 + 0.2 * kind:
                parts.append(rng.choice(spaces))
            elif draw < 0.85:
                parts.append(rng.choice(tokens))
            else:
                parts.append(rng.choice(scalars))
        texts.append("".join(parts))
    return texts


def all_texts():
    return hostile() + fuzz(260, seed=11)
