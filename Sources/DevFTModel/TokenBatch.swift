public import DevFTTensor

/// Token sequences packed one after the other, without padding, and what is to be predicted.
///
/// Row i of the batch is one token. Row `targetRows[j]` predicts token `targetTokens[j]`, which is
/// the token of the next row; a sequence's first token is never a target. Of a sequence with a class, the
/// first row predicts that class, and nothing else is a target. Behind the last sequence
/// stand up to fifteen rows without meaning, so that batches of any length share a few compiled
/// products.
public struct TokenBatch: Equatable, Sendable {
  /// One sequence: its tokens and, for each, whether it is a target.
  public struct Sequence: Equatable, Sendable {
    /// Token identifiers, at least one.
    public var tokens: [Int32]
    /// Whether token i is to be predicted from the tokens before it; as long as `tokens`.
    public var isTarget: [Bool]
    /// Segment of each token: 0, or 1 in the second text of a pair.
    public var types: [Int32]
    /// Class of the whole sequence; `nil` where tokens are predicted.
    public var label: Int32?

    /// Describes a sequence.
    ///
    /// - Parameters:
    ///   - tokens: Token identifiers, at least one.
    ///   - isTarget: Whether token i is to be predicted from the tokens before it.
    public init(tokens: [Int32], isTarget: [Bool]) {
      precondition(
        tokens.count == isTarget.count && !tokens.isEmpty,
        "\(tokens.count) tokens with \(isTarget.count) marks"
      )
      self.tokens = tokens
      self.isTarget = isTarget
      types = Array(repeating: 0, count: tokens.count)
    }

    /// Describes a sequence and its class.
    ///
    /// - Parameters:
    ///   - tokens: Token identifiers, at least one; the class is read off the first.
    ///   - types: Segment of each token.
    ///   - label: Class of the sequence, from 0.
    public init(tokens: [Int32], types: [Int32], label: Int32) {
      precondition(tokens.count == types.count, "\(tokens.count) tokens, \(types.count) segments")
      self.init(tokens: tokens, isTarget: Array(repeating: false, count: tokens.count))
      self.types = types
      self.label = label
    }

    /// Number of targets: tokens to be predicted, or the class.
    public var targetCount: Int { label == nil ? isTarget.count { $0 } : 1 }
  }

  /// Number of tokens of all sequences together.
  public private(set) var tokenCount = 0
  /// Sum over the sequences of the square of their length.
  public private(set) var squaredLengths = 0
  /// Token of each row, `[N]`; 0 in the padding.
  public private(set) var tokens: [Int32] = []
  /// Segment of each row, `[N]`; 0 in the padding.
  public private(set) var types: [Int32] = []
  /// Position of each row inside its sequence, `[N]`.
  public private(set) var positions: [Int32] = []
  /// Rows of each sequence.
  public private(set) var segments: [AttentionSegment] = []
  /// Rows that predict a target, ascending.
  public private(set) var targetRows: [Int] = []
  /// The token that each of those rows is to predict.
  public private(set) var targetTokens: [Int32] = []

  /// Packs sequences in the order given.
  ///
  /// - Parameter sequences: The sequences, at least one.
  public init(_ sequences: [Sequence]) {
    precondition(!sequences.isEmpty, "a batch of no sequences")
    for sequence in sequences {
      let start = tokens.count
      tokens += sequence.tokens
      squaredLengths += sequence.tokens.count * sequence.tokens.count
      types += sequence.types
      positions += (0..<Int32(sequence.tokens.count))
      let rows = start..<tokens.count
      segments.append(AttentionSegment(queries: rows, keys: rows))
      if let label = sequence.label {
        targetRows.append(start)
        targetTokens.append(label)
        continue
      }
      for index in 1..<max(1, sequence.tokens.count) where sequence.isTarget[index] {
        targetRows.append(start + index - 1)
        targetTokens.append(sequence.tokens[index])
      }
    }
    tokenCount = tokens.count
    pad()
  }

  /// Fills up with a sequence of its own, which nothing else sees and which has no target.
  private mutating func pad() {
    let padding = (Self.rowStep - tokenCount % Self.rowStep) % Self.rowStep
    guard padding > 0 else { return }
    tokens += Array(repeating: 0, count: padding)
    types += Array(repeating: 0, count: padding)
    // Any position will do; 0 stands in every table.
    positions += Array(repeating: 0, count: padding)
    let rows = tokenCount..<tokenCount + padding
    segments.append(AttentionSegment(queries: rows, keys: rows))
  }

  /// The number of rows is a multiple of this.
  private static let rowStep = 16

  /// Number of rows, `N`: tokens and padding.
  public var rowCount: Int { tokens.count }

  /// Number of targets.
  public var targetCount: Int { targetTokens.count }
}
