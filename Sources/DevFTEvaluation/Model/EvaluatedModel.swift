public import DevFTFormats
public import DevFTModel

/// A model as benchmarks use it: text in, log-likelihoods or text out.
public struct EvaluatedModel: Sendable {
  /// The model.
  public let decoder: Decoder
  /// The adapter.
  public let adapter: AdapterOperands
  /// The model's tokenizer.
  public let tokenizer: Tokenizer
  /// Layout of conversations.
  public let template: ChatTemplate
  /// Tokens that end an answer.
  public let stopTokens: Set<Int32>

  /// Puts the parts together.
  ///
  /// - Parameters:
  ///   - decoder: The model.
  ///   - adapter: The adapter.
  ///   - tokenizer: The model's tokenizer.
  ///   - template: Layout of conversations.
  ///   - stopTokens: Tokens that end an answer.
  public init(
    decoder: Decoder,
    adapter: AdapterOperands,
    tokenizer: Tokenizer,
    template: ChatTemplate,
    stopTokens: Set<Int32>
  ) {
    self.decoder = decoder
    self.adapter = adapter
    self.tokenizer = tokenizer
    self.template = template
    self.stopTokens = stopTokens
  }

  /// Longest sequence, in tokens.
  var maximumLength: Int { decoder.ends.maximumLength }

  /// Tokens of a text that no template wraps, with the token that begins texts where the model wants it.
  ///
  /// - Parameter text: Any text.
  /// - Returns: The tokens.
  func tokens(of text: String) -> [Int32] {
    let begin = tokenizer.addsBOS ? [tokenizer.bosID].compactMap(\.self) : []
    return (begin + tokenizer.encode(text)).map(Int32.init)
  }

  /// The token before texts that have no context: the one that begins texts, or else the one that ends them.
  var prefixToken: Int32 { Int32(tokenizer.bosID ?? tokenizer.eosID ?? 0) }
}

// MARK: - Log-likelihoods

extension EvaluatedModel {
  /// A question whose continuations are texts.
  ///
  /// White space at the end of the context goes over to the continuations; context and continuation are
  /// tokenized together, and what follows the tokens of the context alone is scored. A sequence that is
  /// too long loses tokens of its start.
  ///
  /// - Parameters:
  ///   - context: What stands before, not empty.
  ///   - continuations: What may follow.
  /// - Returns: The question in tokens.
  /// - Throws: `FormatError` when a continuation alone is longer than the model's longest sequence.
  /// - SeeAlso: lm-evaluation-harness 0.4.13, `TemplateLM._encode_pair`.
  func question(
    context: String,
    continuations: [String]
  ) throws(FormatError) -> ScoringQuestion {
    let space = context.trailingSpace
    let context = context.trimmingEnd
    var head = tokens(of: context)
    let tails = continuations.map { continuation in
      let tail = tokens(of: context + space + continuation).dropFirst(head.count)
      // A text that ends inside a token of the context has nothing left to score.
      return tail.isEmpty ? [prefixToken] : Array(tail)
    }
    if head.isEmpty { head = [prefixToken] }
    let longest = tails.map(\.count).max() ?? 0
    guard longest <= maximumLength else {
      throw FormatError(
        .unsupported,
        "an answer of \(longest) tokens: expected at most \(maximumLength), the longest sequence"
      )
    }
    let room = maximumLength + 1 - longest
    return ScoringQuestion(context: Array(head.suffix(room)), continuations: tails)
  }

  /// Scores questions, `Σ log p` in nats for each continuation.
  ///
  /// - Parameters:
  ///   - questions: The questions; those that follow one another best begin alike.
  ///   - report: Called with the number of questions that have been done since the last call.
  /// - Returns: One array a question.
  func scores(
    of questions: [ScoringQuestion],
    report: (Int) -> Void = { _ in }
  ) -> [[Double]] {
    ContinuationScorer(decoder: decoder, adapter: adapter).scores(of: questions, report: report)
  }
}
