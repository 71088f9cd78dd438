/// The regular expressions by which byte-level tokenizers cut text into words, as scanners.
///
/// A case's scanner returns what its expression would match, alternatives tried in their order.
enum WordPattern: Sendable {
  /// GPT-2, with the contractions in lower case only.
  case gpt2
  /// Llama 3 (`numberLength` 3) and Qwen2 (`numberLength` 1).
  case tiktoken(numberLength: Int)

  /// The expressions as `tokenizer.json` spells them.
  static let known: [(expression: String, pattern: WordPattern)] = [
    (#"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#, .gpt2),
    (tiktokenExpression(#"\p{N}{1,3}"#), .tiktoken(numberLength: 3)),
    (tiktokenExpression(#"\p{N}"#), .tiktoken(numberLength: 1)),
  ]

  /// This expression as `tokenizer.json` spells it.
  var expression: String {
    switch self {
    case .gpt2: Self.known[0].expression
    case .tiktoken(let numberLength):
      Self.tiktokenExpression(numberLength == 1 ? #"\p{N}"# : #"\p{N}{1,\#(numberLength)}"#)
    }
  }

  private static func tiktokenExpression(_ number: String) -> String {
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + number
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }

  /// The end of the word that begins at a place.
  ///
  /// - Parameters:
  ///   - start: Index of a scalar, below `end`.
  ///   - end: Index where the text ends.
  ///   - text: The text.
  /// - Returns: An index after `start`.
  func wordEnd(from start: Int, to end: Int, in text: ScannedText) -> Int {
    switch self {
    case .gpt2:
      gpt2WordEnd(start, end, text)
    case .tiktoken(let numberLength):
      tiktokenWordEnd(start, end, text, numberLength)
    }
  }

  private func gpt2WordEnd(_ start: Int, _ end: Int, _ text: ScannedText) -> Int {
    if let contraction = contractionEnd(start, end, text, ignoringCase: false) {
      return contraction
    }
    let first = text.classes[start] == .space && start + 1 < end ? start + 1 : start
    let kind = text.classes[first]
    if !kind.isWhitespace { return text.end(of: kind, from: first, to: end) }
    return whitespaceEnd(start, end, text)
  }

  private func tiktokenWordEnd(
    _ start: Int,
    _ end: Int,
    _ text: ScannedText,
    _ numberLength: Int
  ) -> Int {
    if let contraction = contractionEnd(start, end, text, ignoringCase: true) {
      return contraction
    }
    let kind = text.classes[start]
    let next = start + 1 < end ? text.classes[start + 1] : nil
    if kind == .letter { return text.end(of: .letter, from: start, to: end) }
    if next == .letter, kind != .newline, kind != .number {
      return text.end(of: .letter, from: start + 1, to: end)
    }
    if kind == .number {
      return text.end(of: .number, from: start, to: min(end, start + numberLength))
    }
    if kind == .other || (kind == .space && next == .other) {
      let symbolsEnd = text.end(of: .other, from: kind == .other ? start : start + 1, to: end)
      return text.end(of: .newline, from: symbolsEnd, to: end)
    }
    return newlinesEnd(start, end, text) ?? whitespaceEnd(start, end, text)
  }

  /// `\s*[\r\n]+`: white space up to the last line break of its run.
  private func newlinesEnd(_ start: Int, _ end: Int, _ text: ScannedText) -> Int? {
    var last: Int?
    var index = start
    while index < end, text.classes[index].isWhitespace {
      if text.classes[index] == .newline { last = index + 1 }
      index += 1
    }
    return last
  }

  /// `\s+(?!\S)|\s+`: a run of white space, less its last character when a word follows.
  private func whitespaceEnd(_ start: Int, _ end: Int, _ text: ScannedText) -> Int {
    var index = start
    while index < end, text.classes[index].isWhitespace { index += 1 }
    return index < end && index - start > 1 ? index - 1 : index
  }

  /// `'s|'t|'re|'ve|'m|'ll|'d`.
  private func contractionEnd(
    _ start: Int,
    _ end: Int,
    _ text: ScannedText,
    ignoringCase: Bool
  ) -> Int? {
    guard text.bytes[text.offsets[start]] == UInt8(ascii: "'") else { return nil }
    func letter(_ index: Int) -> UInt8 {
      guard index < end else { return 0 }
      let scalar = text[index..<index + 1]
      // The long s folds to s, the only letter outside ASCII that folds to one of these.
      if ignoringCase, scalar.elementsEqual([0xc5, 0xbf]) { return UInt8(ascii: "s") }
      guard let byte = scalar.first, byte < 0x80 else { return 0 }
      let isUppercase = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      return ignoringCase && isUppercase ? byte | 0x20 : byte
    }
    switch (letter(start + 1), letter(start + 2)) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _),
      (UInt8(ascii: "d"), _):
      return start + 2
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default:
      return nil
    }
  }
}
