"""Whether lm-evaluation-harness and devft agree on which instructions of IFEval answers follow.

    python tools/check_instructions.py make --data DIRECTORY --out answers.jsonl
    devft eval instructions --data-dir DIRECTORY --answers answers.jsonl --out ours.jsonl
    python tools/check_instructions.py compare --data DIRECTORY --answers answers.jsonl --ours ours.jsonl

`make` writes answers to every prompt of IFEval, odd ones among them: empty, all capitals, other languages, JSON,
lists, quotes, repeated prompts, sentences with abbreviations. `compare` needs lm-eval 0.4.13, langdetect and nltk
with punkt_tab.
"""

import argparse
import gzip
import json
import random
from collections import Counter
from pathlib import Path

TEXTS = [
    "Dr. Smith went to Washington at 5 p.m. He met Mrs. Jones, who works for the U.S. government. They talked "
    "for 3.5 hours! Was it useful? Yes... it was. \"Indeed.\" The end (really).",
    "# My plan\n\n* First, buy milk.\n* Second, go home.\n- Third: sleep\n  - a nested one\n\nP.S. Do not forget "
    "the eggs.",
    "<<A Short Poem>>\n\nThe sea is wide,\nthe sky is high;\nI walk beside\na butterfly.\n\nP.P.S I mean it.",
    "{\"name\": \"Anna\", \"age\": 31, \"tags\": [\"a\", \"b\"]}",
    "```json\n{\"answer\": [1, 2, 3]}\n```",
    "SECTION 1\nThis is the first part of the text.\n\nSECTION 2\nThis is the second part.\n\nSection 3 comes last.",
    "My answer is yes. I am quite sure about it, since I have checked it twice.",
    "The first paragraph is short.\n\n***\n\nThe second one is a bit longer; it has *two* parts and **bold words**.\n\n"
    "***\n\nThe third one ends here.",
    "This is one answer to the question.\n******\nThis is another answer, and it differs.",
    "Hello [name], your order [number] will arrive on [date] at [address]. Call [phone] for help. [more]",
    "\"I would say that all of this is fine. Is there anything else I can help with?\"",
    "once upon a time there was a small village near a river. nobody there ever used capital letters or commas.",
    "THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG AND RUNS AWAY INTO THE DARK FOREST BEFORE SUNSET.",
    "I'M SURE IT'S FINE: NASA, the FBI and the U.S.A. all said \"OK\". WELL-KNOWN facts, e.g. pi is 3.14.",
    "Das ist ein kurzer Text auf Deutsch. Er handelt von einem Hund, der gerne im Garten spielt und schläft.",
    "Questo è un breve testo in italiano, che parla di una gita al mare con tutta la famiglia e gli amici.",
    "Este é um pequeno texto em português sobre uma viagem de comboio que fizemos no verão passado.",
    "यह हिंदी में एक छोटा सा लेख है। इसमें हम एक गाँव के बारे में बात करेंगे जहाँ लोग खुश हैं।",
    "हा मराठी भाषेतील एक छोटा मजकूर आहे. यात आम्ही एका गावाबद्दल बोलणार आहोत आणि तेथील लोक आनंदी आहेत.",
    "यो नेपाली भाषामा लेखिएको सानो लेख हो। यसमा हामी एउटा गाउँको बारेमा कुरा गर्छौं जहाँ मानिसहरू खुसी छन्।",
    "这是一个很短的中文句子。我们今天去公园散步。", "これは日本語の短い文章です。今日は公園に行きました。",
    "이것은 한국어로 된 짧은 글입니다. 우리는 오늘 공원에 갔습니다.",
    "Đây là một đoạn văn ngắn bằng tiếng Việt nói về một chuyến đi chơi của chúng tôi vào mùa hè.",
    "هذا نص قصير باللغة العربية يتحدث عن قرية صغيرة يعيش فيها الناس بسعادة.",
    "این یک متن کوتاه به زبان فارسی است که درباره یک روستای کوچک صحبت می‌کند.",
    "یہ اردو میں ایک مختصر تحریر ہے جس میں ہم ایک گاؤں کے بارے میں بات کریں گے۔",
    "Это короткий текст на русском языке, в котором говорится о маленькой деревне у реки.",
    "Това е кратък текст на български език, в който се разказва за едно малко село край реката.",
    "Tämä on lyhyt suomenkielinen teksti, jossa kerrotaan pienestä kylästä joen rannalla.",
    "Hii ni hadithi fupi kwa lugha ya Kiswahili kuhusu kijiji kidogo karibu na mto mkubwa.",
    "ಇದು ಕನ್ನಡದಲ್ಲಿ ಬರೆದ ಒಂದು ಚಿಕ್ಕ ಬರಹ. ನಾವು ಇಂದು ಉದ್ಯಾನಕ್ಕೆ ಹೋದೆವು.",
    "இது தமிழில் எழுதப்பட்ட ஒரு சிறிய உரை. நாங்கள் இன்று பூங்காவிற்குச் சென்றோம்.",
    "ఇది తెలుగులో రాసిన ఒక చిన్న వచనం. మేము ఈరోజు ఉద్యానవనానికి వెళ్ళాము.",
    "આ ગુજરાતીમાં લખાયેલો એક નાનો લેખ છે. અમે આજે બગીચામાં ગયા હતા.",
    "ਇਹ ਪੰਜਾਬੀ ਵਿੱਚ ਲਿਖਿਆ ਇੱਕ ਛੋਟਾ ਲੇਖ ਹੈ। ਅਸੀਂ ਅੱਜ ਬਾਗ ਵਿੱਚ ਗਏ ਸੀ।",
    "এটি বাংলায় লেখা একটি ছোট লেখা। আমরা আজ পার্কে বেড়াতে গিয়েছিলাম।",
    "นี่คือข้อความสั้น ๆ เป็นภาษาไทย วันนี้เราไปเดินเล่นที่สวนสาธารณะ",
    "1. Buy a car.\n2. Drive to St. Louis, Mo.\n3. Visit J. R. Smith & Co. in the evening... then rest!",
    "", "   \n\n ", "?", "12345 67890", "***", "******", "\r\nOne line.\r\nAnother line.\r\n",
    "“Curly quotes,” she said. ‘Really?’ he asked. — Yes; really … and so on.",
]


def rows_of(data: Path) -> list[dict]:
    path = data / "ifeval/input_data.jsonl"
    file = path.open() if path.exists() else gzip.open(f"{path}.gz", "rt")
    with file:
        return [json.loads(line) for line in file]


def made_for(row: dict, stream: random.Random) -> list[str]:
    """Answers that follow some of a prompt's instructions, or nearly do."""
    words, tail, head = [], "", ""
    for arguments in row["kwargs"]:
        words += arguments.get("keywords") or []
        words += (arguments.get("forbidden_words") or [])[:stream.randint(0, 1)]
        if arguments.get("keyword"):
            words += [arguments["keyword"]] * stream.randint(0, (arguments.get("frequency") or 1) + 1)
        tail = arguments.get("end_phrase") or tail
        head = arguments.get("prompt_to_repeat") or head
        if arguments.get("first_word"):
            head = "\n\n".join([arguments["first_word"].title() + ", they say."] * (arguments["num_paragraphs"]))
    count = stream.choice([3, 12, 40, 120, 400])
    vocabulary = "the a river town people walk slowly under blue sky and then they sing old songs at night".split()
    body = []
    for number in range(count):
        body.append(stream.choice(vocabulary + words))
        if stream.random() < 0.12:
            body[-1] += stream.choice([".", "!", "?", ",", ";", ":", "...", ". The", ".\n\n", "\n* ", "\n- "])
    text = " ".join([head] * bool(head) + words + body + [tail] * bool(tail))
    forms = [text, text.upper(), text.lower(), f'"{text}"', text.replace(",", ""), text.replace(". ", ".\n\n***\n\n")]
    return [text, stream.choice(forms)]


def make(arguments: argparse.Namespace) -> None:
    stream = random.Random(7)
    with Path(arguments.out).open("w") as out:
        for index, row in enumerate(rows_of(Path(arguments.data))):
            texts = made_for(row, stream) + stream.sample(TEXTS, 6) + [
                stream.choice(TEXTS) + "\n\n" + stream.choice(TEXTS)]
            language = [k["language"] for k in row["kwargs"] if k.get("language")]
            texts += TEXTS[14:38] if language else []
            for text in texts:
                print(json.dumps({"key": row["key"], "response": text}), file=out)


def compare(arguments: argparse.Namespace) -> None:
    import langdetect
    from lm_eval.tasks.ifeval import utils

    langdetect.DetectorFactory.seed = 0
    rows = {row["key"]: row for row in rows_of(Path(arguments.data))}
    answers = [json.loads(line) for line in Path(arguments.answers).open()]
    ours = [json.loads(line) for line in Path(arguments.ours).open()]
    pairs, equal, wrong = 0, Counter(), Counter()
    for number, (answer, our) in enumerate(zip(answers, ours, strict=True), 1):
        row = rows[answer["key"]]
        example = utils.InputExample(
            key=row["key"], instruction_id_list=row["instruction_id_list"], prompt=row["prompt"], kwargs=row["kwargs"])
        theirs = {
            "strict": utils.test_instruction_following_strict(example, answer["response"]),
            "loose": utils.test_instruction_following_loose(example, answer["response"])}
        pairs += len(row["instruction_id_list"])
        for form, their in theirs.items():
            for name, a, b in zip(row["instruction_id_list"], their.follow_instruction_list, our[form], strict=True):
                equal[form] += bool(a) == b
                if bool(a) != b:
                    wrong[name] += 1
                    if arguments.show:
                        print(number, form, name, "theirs", bool(a))
    for form, count in equal.items():
        print(f"{form}: {count} of {pairs} pairs equal ({100 * count / pairs:.2f} %)")
    print("unlike:", dict(wrong.most_common()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True)
    for name, body in (("make", make), ("compare", compare)):
        command = commands.add_parser(name)
        command.add_argument("--data", required=True)
        command.set_defaults(body=body)
        if name == "make":
            command.add_argument("--out", required=True)
        else:
            command.add_argument("--answers", required=True)
            command.add_argument("--ours", required=True)
            command.add_argument("--show", action="store_true", help="each pair that is not equal")
    arguments = parser.parse_args()
    arguments.body(arguments)


if __name__ == "__main__":
    main()
