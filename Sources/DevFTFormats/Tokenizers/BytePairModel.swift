/// Byte-pair encoding: splits a word into symbols and joins neighbours by rank until none join.
///
/// - Complexity: `n·log n` for a word of `n` symbols.
/// - SeeAlso: Sennrich et al., 2016, <https://arxiv.org/abs/1508.07909>.
struct BytePairModel: WordModel {
  /// What a word is split into before any merge.
  enum Symbols: Sendable {
    /// Bytes, spelt by the byte alphabet.
    case bytes
    /// Characters; those without a token become bytes `<0xNN>` if `fallsBack`.
    case characters(fallsBack: Bool)
  }

  /// Spellings of all tokens.
  let vocabulary: Vocabulary
  /// Which pairs join.
  let merges: MergeTable
  /// What a word is split into first.
  let symbols: Symbols
  /// Whether a word that is a token as a whole becomes that token without any merge.
  let ignoresMerges: Bool
  /// Token of symbols that have none; `nil` leaves such symbols out.
  let unknownID: Int?
  /// Whether neighbouring unknown symbols become one token.
  let fusesUnknown: Bool
  /// Whether text may become this token; special ones are never made from text.
  private let isText: [Bool]
  /// Token of each byte, or -1.
  private let byteTokens: [Int32]

  /// Assembles a model.
  ///
  /// - Parameters:
  ///   - vocabulary: Spellings of all tokens.
  ///   - merges: Which pairs join.
  ///   - symbols: What a word is split into first.
  ///   - special: Tokens that no text becomes.
  ///   - ignoresMerges: Whether whole words are looked up first.
  ///   - unknownID: Token of symbols that have none.
  ///   - fusesUnknown: Whether neighbouring unknown symbols become one.
  init(
    vocabulary: Vocabulary,
    merges: MergeTable,
    symbols: Symbols,
    special: Set<Int>,
    ignoresMerges: Bool = false,
    unknownID: Int? = nil,
    fusesUnknown: Bool = false
  ) {
    self.vocabulary = vocabulary
    self.merges = merges
    self.symbols = symbols
    self.ignoresMerges = ignoresMerges
    self.unknownID = unknownID
    self.fusesUnknown = fusesUnknown
    var isText = Array(repeating: true, count: vocabulary.count)
    for id in special where isText.indices.contains(id) { isText[id] = false }
    self.isText = isText
    byteTokens = (0...255).map { byte in
      let spelling = Self.spelling(of: UInt8(byte), symbols)
      return vocabulary.id(of: spelling[...]).map(Int32.init) ?? -1
    }
  }

  private static func spelling(of byte: UInt8, _ symbols: Symbols) -> [UInt8] {
    switch symbols {
    case .bytes: ByteAlphabet.spelling(of: [byte])
    case .characters: Array(byteTokenSpelling(of: byte).utf8)
    }
  }

  /// The spelling of a byte in a vocabulary of characters, `<0x0A>`.
  ///
  /// - Parameter byte: Any byte.
  /// - Returns: The spelling.
  static func byteTokenSpelling(of byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x" + (byte < 16 ? "0" : "") + digits + ">"
  }

  /// The byte that a token stands for, by its spelling in the alphabet or as `<0x0A>`.
  ///
  /// - Parameter id: Any token.
  /// - Returns: The byte, or `nil` when the token stands for something else.
  func byte(of id: Int) -> UInt8? {
    switch symbols {
    case .bytes: guard vocabulary[id].count <= 2 else { return nil }
    case .characters(let fallsBack):
      guard fallsBack, vocabulary[id].count == 6 else { return nil }
    }
    return byteTokens.firstIndex(of: Int32(id)).map(UInt8.init)
  }

  /// The bytes that a token's spelling stands for.
  func text(of id: Int) -> [UInt8] {
    let spelling = vocabulary[id]
    switch symbols {
    case .bytes: return ByteAlphabet.bytes(of: spelling) ?? Array(spelling)
    case .characters: return Metaspace.restoringSpaces(in: spelling)
    }
  }
}

// MARK: Encoding

extension BytePairModel {
  /// Appends the tokens of one word.
  ///
  /// - Parameters:
  ///   - word: UTF-8 of the word, already normalised and split off.
  ///   - tokens: Where the tokens go.
  func encode(_ word: ArraySlice<UInt8>, into tokens: inout [Int]) {
    if ignoresMerges, let id = wholeWord(word) {
      tokens.append(id)
      return
    }
    var parts = initialSymbols(of: word)
    if parts.count > 1 { parts = merged(parts) }
    for part in parts { tokens.append(Int(part)) }
  }

  private func wholeWord(_ word: ArraySlice<UInt8>) -> Int? {
    let id: Int?
    switch symbols {
    case .bytes: id = vocabulary.id(of: ByteAlphabet.spelling(of: word)[...])
    case .characters: id = vocabulary.id(of: word)
    }
    return id.flatMap { isText[$0] ? $0 : nil }
  }

  private func initialSymbols(of word: ArraySlice<UInt8>) -> [Int32] {
    var parts: [Int32] = []
    parts.reserveCapacity(word.count)
    var endsUnknown = false
    func append(_ token: Int32) {
      endsUnknown = false
      parts.append(token)
    }
    func appendUnknown() {
      if let unknownID, !(fusesUnknown && endsUnknown) { parts.append(Int32(unknownID)) }
      endsUnknown = true
    }
    guard case .characters(let fallsBack) = symbols else {
      for byte in word {
        let token = byteTokens[Int(byte)]
        if token >= 0 { append(token) } else { appendUnknown() }
      }
      return parts
    }
    var start = word.startIndex
    while start < word.endIndex {
      let end = min(start + UTF8Scanning.length(ofLeading: word[start]), word.endIndex)
      let character = word[start..<end]
      if let id = vocabulary.id(of: character), isText[id] {
        append(Int32(id))
      } else if fallsBack, character.allSatisfy({ byteTokens[Int($0)] >= 0 }) {
        for byte in character { append(byteTokens[Int(byte)]) }
      } else {
        appendUnknown()
      }
      start = end
    }
    return parts
  }

  /// Joins symbols: a linked list over the word, and a queue of the pairs that may join.
  private func merged(_ symbols: [Int32]) -> [Int32] {
    var symbols = symbols  // -1 marks a symbol that went into its left neighbour
    var next = Array(1...symbols.count)
    var previous = Array(-1..<symbols.count - 1)
    var queue = MergeQueue()
    func enqueue(_ left: Int, _ right: Int) {
      guard let merge = merges.merge(symbols[left], symbols[right]) else { return }
      queue.push(rank: merge.rank, position: left)
    }
    for left in 0..<symbols.count - 1 { enqueue(left, left + 1) }
    while let (rank, left) = queue.pop() {
      let right = next[left]
      // A pair that changed since it was queued has another merge, and was queued again.
      guard symbols[left] >= 0, right < symbols.count,
        let merge = merges.merge(symbols[left], symbols[right]), merge.rank == rank
      else { continue }
      symbols[left] = merge.result
      symbols[right] = -1
      next[left] = next[right]
      if next[left] < symbols.count {
        previous[next[left]] = left
        enqueue(left, next[left])
      }
      if previous[left] >= 0 { enqueue(previous[left], left) }
    }
    return symbols.filter { $0 >= 0 }
  }
}
