/// Makes a table of merges from the spellings of their tokens, in the order of their ranks.
struct MergeTableBuilder {
  /// The merges so far.
  private(set) var table: MergeTable
  private let vocabulary: Vocabulary
  private var rank: UInt32 = 0

  /// Starts an empty table.
  ///
  /// - Parameters:
  ///   - vocabulary: Spellings of all tokens.
  ///   - capacity: The greatest number of merges to come.
  init(_ vocabulary: Vocabulary, capacity: Int) {
    self.vocabulary = vocabulary
    table = MergeTable(capacity: capacity)
  }

  /// Adds the merge of the next rank.
  ///
  /// - Parameters:
  ///   - left: Spelling of the token before.
  ///   - right: Spelling of the token after.
  /// - Returns: Whether both and their union are tokens; if not nothing was added.
  mutating func append(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    guard let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right),
      let result = vocabulary.id(of: left + right)
    else { return false }
    table.insert(Int32(leftID), Int32(rightID), .init(rank: rank, result: Int32(result)))
    rank += 1
    return true
  }

  /// Adds the merge of the next rank, spelt as two tokens with a space between.
  ///
  /// - Parameter line: Such as `Ġ t`.
  /// - Returns: Whether both and their union are tokens; if not nothing was added.
  mutating func append(line: String) -> Bool {
    let bytes = Array(line.utf8)
    guard bytes.count >= 3, let space = bytes[1...].firstIndex(of: 0x20) else { return false }
    return append(bytes[..<space], bytes[(space + 1)...])
  }
}
