extension MergeTable {
  /// Makes the merges of a SentencePiece model, whose order is that of the unions' scores.
  ///
  /// Each token and each way to cut it into two others is a merge; of tokens with equal scores none
  /// comes first, so that the leftmost pair in the text does.
  ///
  /// - Parameters:
  ///   - scores: Score of each token.
  ///   - vocabulary: Spellings of all tokens.
  ///   - isText: Whether text may become a token.
  init(scores: [Double], _ vocabulary: Vocabulary, where isText: (Int) -> Bool) {
    let merges = Self.scoredMerges(scores, vocabulary, where: isText)
    self.init(capacity: merges.count)
    for (left, right, merge) in merges { insert(left, right, merge) }
  }

  /// The merges of a SentencePiece model in the order in which they happen.
  ///
  /// - Parameters:
  ///   - scores: Score of each token.
  ///   - vocabulary: Spellings of all tokens.
  ///   - isText: Whether text may become a token.
  /// - Returns: Both tokens and the merge of each.
  static func scoredMerges(
    _ scores: [Double],
    _ vocabulary: Vocabulary,
    where isText: (Int) -> Bool
  ) -> [(left: Int32, right: Int32, Merge)] {
    let order = scores.indices.filter(isText).sorted { scores[$0] > scores[$1] }
    var merges: [(left: Int32, right: Int32, Merge)] = []
    var rank: UInt32 = 0
    var last = Double.infinity
    for id in order {
      if scores[id] != last { rank += 1 }
      last = scores[id]
      let spelling = vocabulary[id]
      for cut in spelling.indices.dropFirst() where spelling[cut] & 0xc0 != 0x80 {
        guard let left = vocabulary.id(of: spelling[..<cut]), isText(left),
          let right = vocabulary.id(of: spelling[cut...]), isText(right)
        else { continue }
        merges.append((Int32(left), Int32(right), Merge(rank: rank, result: Int32(id))))
      }
    }
    return merges
  }
}
