"""Makes Tests/Golden/text/tokenizers/: small tokenizers of every kind, and what they make of hostile texts.

    python tools/golden/make_tokenizers.py [SMOLLM2.gguf]

Needs tokenizers and sentencepiece, and with a GGUF file gguf as well: then the ids of that file's own
tokenizer are written too (the file itself stays where it is).
"""

import gzip
import io
import json
import pathlib
import sys
import tempfile

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import text_samples

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/Golden/text/tokenizers"
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace("{1,3}", "")
CHAT = ["<|im_start|>", "<|im_end|>"]
LINES = [line + "\n" for line in text_samples.CORPUS.split("\n")]


def write(name, data):
    """Writes compressed JSON with nothing in it that changes from run to run."""
    OUT.mkdir(parents=True, exist_ok=True)
    raw = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    with open(OUT / f"{name}.json.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(raw)


def expectations(tokenizer, texts):
    tokenizer.encode_special_tokens = True
    plain = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    tokenizer.encode_special_tokens = False
    parsed = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    decoded = [tokenizer.decode(ids, skip_special_tokens=False) for ids in plain]
    return {
        "ids": plain,
        "parsed": {str(i): ids for i, ids in enumerate(parsed) if ids != plain[i]},
        "decoded": {str(i): text for i, text in enumerate(decoded) if text != texts[i]},
    }


def byte_level(normalizer, steps, size=800, ignore_merges=False, add_prefix_space=False, use_regex=True):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    last = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space, use_regex=use_regex)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*steps, last]) if steps else last
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=CHAT,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(LINES, trainer)
    return tokenizer


def word_piece(lowercase):
    """A tokenizer of BERT's kind, with its special tokens and layout."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=700, special_tokens=names, continuing_subword_prefix="##", show_progress=False
    )
    tokenizer.train_from_iterator(LINES, trainer)
    # Training numbers the tokens in the order of a hash table: spell the order out.
    data = json.loads(tokenizer.to_str())
    vocabulary = names + sorted(set(data["model"]["vocab"]) - set(names))
    data["model"]["vocab"] = {token: i for i, token in enumerate(vocabulary)}
    tokenizer = Tokenizer.from_str(json.dumps(data))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return tokenizer


def roberta():
    """A tokenizer of RoBERTa's kind: byte-level, with its special tokens and layout."""
    tokenizer = Tokenizer(models.BPE(continuing_subword_prefix="", end_of_word_suffix=""))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=500,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(LINES, trainer)
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False
    )
    return tokenizer


def layouts(tokenizer, texts):
    """Texts alone and in pairs with special tokens and segments, whole and cut to twelve tokens."""
    tokenizer.encode_special_tokens = True
    rows = []
    for first in range(0, len(texts) - 1, 7):
        for pair in [[texts[first]], [texts[first], texts[first + 1]]]:
            whole = tokenizer.encode(*pair)
            tokenizer.enable_truncation(12, strategy="longest_first")
            cut = tokenizer.encode(*pair)
            tokenizer.no_truncation()
            rows.append({
                "first": first, "pair": len(pair) > 1, "ids": whole.ids, "types": whole.type_ids,
                "cut_ids": cut.ids, "cut_types": cut.type_ids,
            })
    return rows


def split(pattern):
    return pre_tokenizers.Split(Regex(pattern), behavior="isolated", invert=False)


def without_some_merges(tokenizer):
    """Drops merges, so that their tokens come only where whole words are looked up."""
    data = json.loads(tokenizer.to_str())
    merges = data["model"]["merges"]
    used = {part for merge in merges for part in merge}
    dropped = [merge for i, merge in enumerate(merges) if "".join(merge) not in used and i % 3 == 0]
    data["model"]["merges"] = [merge for merge in merges if merge not in dropped]
    return Tokenizer.from_str(json.dumps(data))


def with_odd_added_tokens(tokenizer):
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    tokenizer.add_special_tokens([AddedToken("<pad>", rstrip=True, normalized=False)])
    tokenizer.add_tokens([AddedToken("<tool>", normalized=True), AddedToken("<w>", single_word=True)])
    tokenizer.add_tokens([AddedToken("\u212a", normalized=True), AddedToken("é", normalized=False)])
    return tokenizer


def with_llama3_specials(tokenizer):
    names = ["begin_of_text", "end_of_text", "start_header_id", "end_header_id", "eot_id"]
    tokenizer.add_special_tokens([AddedToken(f"<|{name}|>", normalized=False) for name in names])
    return tokenizer


def sentencepiece_model(directory):
    corpus = pathlib.Path(directory) / "corpus.txt"
    corpus.write_text(text_samples.CORPUS)
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus),
        model_prefix=str(pathlib.Path(directory) / "sp"),
        model_type="bpe",
        vocab_size=900,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=True,
        allow_whitespace_only_pieces=True,
        character_coverage=0.985,
        num_threads=1,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor()
    processor.Load(str(pathlib.Path(directory) / "sp.model"))
    return processor


def gguf_metadata(processor):
    """The keys that llama.cpp's converter writes for such a model."""
    def kind(i):
        if processor.IsUnknown(i):
            return 2
        if processor.IsControl(i):
            return 3
        if processor.IsByte(i):
            return 6
        return 5 if processor.IsUnused(i) else 1

    count = processor.GetPieceSize()
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [processor.IdToPiece(i) for i in range(count)],
        "tokenizer.ggml.scores": [processor.GetScore(i) for i in range(count)],
        "tokenizer.ggml.token_type": [kind(i) for i in range(count)],
        "tokenizer.ggml.bos_token_id": processor.bos_id(),
        "tokenizer.ggml.eos_token_id": processor.eos_id(),
        "tokenizer.ggml.unknown_token_id": processor.unk_id(),
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.add_eos_token": False,
    }


def llama2(processor, style):
    """The conversion that transformers does for Llama 2: a merge for each way to cut each piece."""
    count = processor.GetPieceSize()
    vocabulary = {processor.IdToPiece(i): i for i in range(count)}
    normal = {piece for piece, i in vocabulary.items() if not (processor.IsByte(i) or processor.IsControl(i) or processor.IsUnknown(i))}
    merges = []
    for piece in sorted(normal, key=lambda piece: vocabulary[piece]):
        local = [(piece[:cut], piece[cut:]) for cut in range(1, len(piece)) if piece[:cut] in normal and piece[cut:] in normal]
        merges += sorted(local, key=lambda pair: (vocabulary[pair[0]], vocabulary[pair[1]]))
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    strip = []
    if style == "legacy":
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
        strip = [decoders.Strip(" ", 1, 0)]
    elif style == "first":
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="first", split=False)
        strip = [decoders.Strip(" ", 1, 0)]
    elif style == "split":
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always", split=True)
        strip = [decoders.Strip(" ", 1, 0)]
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), *strip])
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in ["<unk>", "<s>", "</s>"]])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer


def smollm2(path):
    """The tokenizer inside a GGUF file, as transformers would build it."""
    import gguf

    fields = gguf.GGUFReader(path).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(line.split(" ")) for line in fields["tokenizer.ggml.merges"].contents()]
    types = fields["tokenizer.ggml.token_type"].contents()
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t, k in zip(tokens, types) if k == 3])
    return tokenizer


def joined_merges(data):
    """The older spelling of merges: one string with a space."""
    data["model"]["merges"] = [" ".join(merge) for merge in data["model"]["merges"]]
    return data


def main():
    texts = text_samples.all_texts()
    write("texts", texts)
    with tempfile.TemporaryDirectory() as directory:
        processor = sentencepiece_model(directory)
    digits = pre_tokenizers.Digits(individual_digits=True)
    made = {
        "gpt2": byte_level(None, []),
        "gpt2-prefix-space": byte_level(None, [pre_tokenizers.Digits(individual_digits=False)], add_prefix_space=True),
        "smollm": byte_level(None, [digits]),
        "llama3": with_llama3_specials(
            without_some_merges(byte_level(None, [split(LLAMA3)], ignore_merges=True, use_regex=False))
        ),
        "qwen2": byte_level(normalizers.NFC(), [split(QWEN2)], use_regex=False),
        "added-tokens": with_odd_added_tokens(byte_level(normalizers.NFC(), [split(QWEN2)], use_regex=False, size=400)),
        "llama2-legacy": llama2(processor, "legacy"),
        "llama2-first": llama2(processor, "first"),
        "llama2-split": llama2(processor, "split"),
        "llama2-bare": llama2(processor, "never"),
        "bert-uncased": word_piece(lowercase=True),
        "bert-cased": word_piece(lowercase=False),
        "roberta": roberta(),
    }
    for name, tokenizer in made.items():
        data = json.loads(tokenizer.to_str())
        if name in ("gpt2", "llama2-legacy"):
            data = joined_merges(data)
        write(f"{name}.tokenizer", data)
        expected = expectations(tokenizer, texts)
        if name in ("gpt2-prefix-space", "added-tokens", "bert-uncased", "bert-cased"):
            # The library leaves the prefix space there, and spells added tokens as normalised; WordPiece
            # loses what it normalises.
            expected["decoded"] = None
        write(f"{name}.expected", expected)
        if name in ("bert-uncased", "bert-cased", "roberta"):
            write(f"{name}.layouts", layouts(tokenizer, texts))
    write("sentencepiece.metadata", gguf_metadata(processor))
    # SentencePiece takes a NUL for the end of a text.
    ids = [processor.EncodeAsIds(text) if "\0" not in text else None for text in texts]
    write("sentencepiece.expected", {"ids": ids, "parsed": {}, "decoded": None})
    if len(sys.argv) > 1:
        write("smollm2.expected", expectations(smollm2(sys.argv[1]), texts))


if __name__ == "__main__":
    main()
