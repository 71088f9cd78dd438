/// WordPiece: takes the longest token that a word begins with, then the longest continuation, and so on.
///
/// - SeeAlso: Devlin et al., 2019, section 3, <https://arxiv.org/abs/1810.04805>.
struct WordPieceModel: WordModel {
  /// Spellings of all tokens.
  let vocabulary: Vocabulary
  /// Token of a word that no tokens spell.
  let unknownID: Int
  /// UTF-8 of what tokens inside a word are spelt with in front: `##`.
  let continuation: [UInt8]
  /// Longer words are unknown, in characters.
  let maximumLength: Int
  /// Tokens that no text becomes.
  let special: Set<Int>

  func byte(of id: Int) -> UInt8? { nil }

  func text(of id: Int) -> [UInt8] {
    let spelling = vocabulary[id]
    return spelling.starts(with: continuation)
      ? Array(spelling.dropFirst(continuation.count)) : [0x20] + spelling
  }

  func encode(_ word: ArraySlice<UInt8>, into tokens: inout [Int]) {
    let ends = word.indices.map { $0 + 1 }
      .filter { $0 == word.endIndex || word[$0] & 0xc0 != 0x80 }
    guard ends.count <= maximumLength else { return tokens.append(unknownID) }
    var (pieces, start): ([Int], Int) = ([], word.startIndex)
    while start < word.endIndex {
      guard let (id, end) = longestPiece(of: word, from: start, ends) else {
        return tokens.append(unknownID)
      }
      pieces.append(id)
      start = end
    }
    tokens += pieces
  }

  private func longestPiece(
    of word: ArraySlice<UInt8>,
    from start: Int,
    _ ends: [Int]
  ) -> (id: Int, end: Int)? {
    let prefix = start == word.startIndex ? [] : continuation
    for end in ends.reversed() where end > start {
      if let id = vocabulary.id(of: (prefix + word[start..<end])[...]), !special.contains(id) {
        return (id, end)
      }
    }
    return nil
  }
}
