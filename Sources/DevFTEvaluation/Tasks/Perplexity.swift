import DevFTFormats
import DevFTModel

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How surprised a model is by texts.
///
/// Rows with a `text` are read from the first token to the last. Rows of any other known form are
/// conversations, of which the answers alone count.
/// - SeeAlso: lm-evaluation-harness 0.4.13, `loglikelihood_rolling` and the metrics of `wikitext`.
public struct Perplexity: Benchmark {
  private struct Text {
    var id: String
    var question: String
    var content: String
    /// What is scored: contexts and what follows.
    var parts: [(context: [Int32], target: [Int32])]
  }

  /// The task's name.
  public var name: String { "perplexity" }
  /// Number of texts.
  public var questionCount: Int { count }
  private let path: String
  private let options: BenchmarkOptions
  private let texts: [JSONRow]
  private let examples: [Example]
  private var count: Int { texts.isEmpty ? examples.count : texts.count }

  /// Reads texts.
  ///
  /// - Parameters:
  ///   - path: JSONL with `text`, or with examples as for training.
  ///   - options: How much of it.
  /// - Throws: `FormatError` that names file, line and key.
  public init(path: String, options: BenchmarkOptions) throws {
    (self.path, self.options) = (path, options)
    let rows = try JSONRow.all(in: path)
    let limit = options.limit ?? rows.count
    if rows[0].json["text"] != nil {
      for row in rows { _ = try row.text("text") }
      (texts, examples) = (Array(rows.prefix(limit)), [])
    } else {
      (texts, examples) = ([], Array(try ExamplesReader.examples(in: path).prefix(limit)))
    }
  }

  /// Scores the texts.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - report: Called with the number of texts that have been done since the last call.
  /// - Returns: `loss` in nats per token and `perplexity`; of texts also `bits_per_byte`,
  ///   `byte_perplexity` and `word_perplexity`.
  /// - Throws: `FormatError` when the template or the tokenizer lacks something.
  public func run(
    on model: EvaluatedModel,
    report: (Int) -> Void
  ) throws -> EvaluationResult {
    let texts = try self.texts.map { try text($0, model) } + examples.map { try text($0, model) }
    let parts = texts.flatMap(\.parts)
    let scores = model.scores(
      of: parts.map { ScoringQuestion(context: $0.context, continuations: [$0.target]) }
    )
    var place = 0
    let samples = texts.map { text in
      let own = scores[place..<place + text.parts.count]
      place += text.parts.count
      return Self.sample(
        text.id,
        text.question,
        text.content,
        sum: own.reduce(0) { $0 + $1[0] },
        tokenCount: text.parts.reduce(0) { $0 + $1.target.count }
      )
    }
    report(count)
    return EvaluationResult(
      task: name,
      metrics: Self.metrics(samples, hasTexts: !self.texts.isEmpty),
      samples: samples
    )
  }

  private func text(_ row: JSONRow, _ model: EvaluatedModel) throws -> Text {
    let content = try row.text("text")
    let tokens = model.tokenizer.encode(content).map(Int32.init)
    let parts = Self.windows(tokens, prefix: model.prefixToken, length: model.maximumLength)
    return Text(id: String(row.line), question: "", content: content, parts: parts)
  }

  private func text(_ example: Example, _ model: EvaluatedModel) throws -> Text {
    let encoded = try TokenizedExample(
      example,
      template: model.template,
      tokenizer: model.tokenizer
    )
    guard encoded.count <= model.maximumLength else {
      throw FormatError(
        .unsupported,
        path: example.line.map { "\(path):\($0)" } ?? path,
        "expected at most \(model.maximumLength) tokens, got \(encoded.count)"
      )
    }
    var parts: [(context: [Int32], target: [Int32])] = []
    var start = 1
    while start < encoded.count {
      guard encoded.isTarget[start] else {
        start += 1
        continue
      }
      let end = encoded.isTarget[start...].firstIndex(of: false) ?? encoded.count
      parts.append((Array(encoded.tokens[..<start]), Array(encoded.tokens[start..<end])))
      start = end
    }
    return Text(
      id: String(example.line ?? 0),
      question: example.messages.last { $0.role == .user }?.content ?? "",
      content: example.messages.last { $0.role == .assistant }?.content ?? "",
      parts: parts
    )
  }

  /// Cuts a text into windows in which each token is predicted once, the last with as much context as fits.
  ///
  /// - Parameters:
  ///   - tokens: The text.
  ///   - prefix: What stands before it.
  ///   - length: Longest sequence of the model.
  /// - Returns: Contexts and what follows.
  static func windows(
    _ tokens: [Int32],
    prefix: Int32,
    length: Int
  ) -> [(context: [Int32], target: [Int32])] {
    var windows: [(context: [Int32], target: [Int32])] = []
    let whole = [prefix] + tokens
    var start = 0
    while start < tokens.count {
      let end = min(tokens.count, start + length)
      // Of `whole`, token i of the text is number i + 1: the context ends with the one before the window.
      let first = start == 0 ? 0 : max(0, end - length)
      windows.append((Array(whole[first...start]), Array(tokens[start..<end])))
      start = end
    }
    return windows
  }

  private static func sample(
    _ id: String,
    _ question: String,
    _ content: String,
    sum: Double,
    tokenCount: Int
  ) -> EvaluationSample {
    // Python splits at runs of white space, with an empty word at a white edge.
    let inner = content.unicodeScalars.split(omittingEmptySubsequences: true) { $0.isTrimmed }.count
    let edges = content.unicodeScalars.isEmpty ? 0 : (content.trimmed.isEmpty ? 2 : 0)
    let white = [content.unicodeScalars.first, content.unicodeScalars.last]
      .count { $0?.isTrimmed ?? false }
    return EvaluationSample(
      id: id,
      question: question,
      expected: content,
      answer: "",
      isRight: true,
      numbers: [
        "loglikelihood": sum, "tokens": Double(tokenCount),
        "bytes": Double(content.utf8.count),
        "words": Double(edges > 0 ? edges : max(1, inner) + white),
      ]
    )
  }

  private static func metrics(
    _ samples: [EvaluationSample],
    hasTexts: Bool
  ) -> [EvaluationResult.Metric] {
    func total(_ name: String) -> Double { samples.reduce(0) { $0 + ($1.numbers[name] ?? 0) } }
    let (sum, tokens) = (total("loglikelihood"), max(1, total("tokens")))
    let loss = -sum / tokens
    // The loss is a ratio of sums over texts; its error treats texts as clusters.
    let squares = samples.reduce(0.0) { result, sample in
      let rest = -(sample.numbers["loglikelihood"] ?? 0) - loss * (sample.numbers["tokens"] ?? 0)
      return result + rest * rest
    }
    let count = Double(samples.count)
    let error = count < 2 ? nil : (count / (count - 1) * squares).squareRoot() / tokens
    func metric(_ name: String, _ value: Double, _ slope: Double) -> EvaluationResult.Metric {
      let estimate = MeanEstimate(
        value: value,
        standardError: error.map { $0 * slope },
        count: samples.count
      )
      return .init(name, estimate)
    }
    let plain = [metric("perplexity", exp(loss), exp(loss)), metric("loss", loss, 1)]
    guard hasTexts else { return plain }
    let (perByte, perWord) = (-sum / total("bytes"), -sum / total("words"))
    return plain + [
      metric("bits_per_byte", perByte / log(2), tokens / total("bytes") / log(2)),
      metric("byte_perplexity", exp(perByte), exp(perByte) * tokens / total("bytes")),
      metric("word_perplexity", exp(perWord), exp(perWord) * tokens / total("words")),
    ]
  }
}
