import DevFTTensor

/// Several questions in one pass, all behind the same prefix, which is cached.
///
/// A question's context runs once, whatever the number of its continuations. Each continuation of more
/// than one token has a *lane*: room for keys and values of prefix, context and continuation one after
/// the other, as attention wants them. The context's own keys and values are written to every lane of its
/// question.
struct ScoringBatch {
  /// One number that is asked for.
  struct Target {
    /// Row whose logits predict the token.
    let row: Int
    /// The token.
    let token: Int32
    /// Question and continuation, as indices.
    let question, continuation: Int
  }

  /// Tokens of the prefix.
  let prefixLength: Int
  /// Token and position of each row, `[N]`.
  private(set) var tokens: [Int32] = []
  private(set) var positions: [Int32] = []
  /// Which keys each run of rows sees.
  private(set) var segments: [AttentionSegment] = []
  /// Rows, and the rows of keys and values that they fill.
  private(set) var placements: [RowPlacement] = []
  /// First row of each lane, where the prefix goes.
  private(set) var laneStarts: [Int] = []
  /// Rows of keys and values of all lanes.
  private(set) var keyRowCount = 0
  /// The numbers that are asked for, by ascending row within a question's context.
  private(set) var targets: [Target] = []

  /// Starts an empty batch.
  ///
  /// - Parameter prefixLength: Tokens of the cached prefix.
  init(prefixLength: Int) { self.prefixLength = prefixLength }

  /// Adds a question.
  ///
  /// - Parameters:
  ///   - question: Its context begins with the prefix and is longer.
  ///   - index: What the question's numbers are filed under.
  mutating func append(_ question: ScoringQuestion, index: Int) {
    let own = question.context[prefixLength...]
    let branches = question.continuations.enumerated().filter { $0.element.count > 1 }
    // Without a branch the context itself needs one lane.
    let lengths = branches.isEmpty ? [0] : branches.map { $0.element.count - 1 }
    let starts = lengths.map { newLane(length: prefixLength + own.count + $0) }
    let context = append(own, position: prefixLength, at: starts, lane: starts[0])
    for (continuation, tokens) in question.continuations.enumerated() {
      let (row, token) = (context.upperBound - 1, tokens[0])
      targets.append(
        Target(row: row, token: token, question: index, continuation: continuation)
      )
    }
    for (start, branch) in zip(starts, branches) {
      let position = prefixLength + own.count
      let rows = append(branch.element.dropLast(), position: position, at: [start], lane: start)
      for (row, token) in zip(rows, branch.element.dropFirst()) {
        targets.append(
          Target(row: row, token: token, question: index, continuation: branch.offset)
        )
      }
    }
  }

  /// Fills the rows up to a multiple of 16, so that batches of any length share compiled products.
  mutating func pad() {
    let padding = (16 - tokens.count % 16) % 16
    guard padding > 0 else { return }
    let rows = tokens.count..<tokens.count + padding
    let start = keyRowCount
    keyRowCount += padding
    tokens += Array(repeating: 0, count: padding)
    positions += Array(repeating: 0, count: padding)
    placements.append(RowPlacement(rows, to: [start]))
    segments.append(AttentionSegment(queries: rows, keys: start..<keyRowCount))
  }

  private mutating func newLane(length: Int) -> Int {
    laneStarts.append(keyRowCount)
    keyRowCount += length
    return keyRowCount - length
  }

  private mutating func append(
    _ part: ArraySlice<Int32>,
    position: Int,
    at starts: [Int],
    lane: Int
  ) -> Range<Int> {
    let rows = tokens.count..<tokens.count + part.count
    tokens += part
    positions += (position..<position + part.count).map(Int32.init)
    placements.append(RowPlacement(rows, to: starts.map { $0 + position }))
    segments.append(
      AttentionSegment(queries: rows, keys: lane..<lane + position + part.count)
    )
    return rows
  }
}
