public import DevFTEvaluation
import DevFTFormats
import Foundation

/// Judges answers with a model behind an endpoint, and writes FastChat's `model_judgment` lines.
///
/// A run that stops, by the cap on its cost or an endpoint that is gone, has written each judgement that was
/// made; the same call goes on behind them.
public struct JudgeRun {
  /// What a judgement may cost.
  public struct Price: Sendable {
    /// Price of a million tokens of requests.
    public var input: Double
    /// Price of a million tokens of answers.
    public var output: Double
    /// Most that all judgements of the file together may cost; `nil` without a cap.
    public var cap: Double?

    /// Names prices.
    ///
    /// - Parameters:
    ///   - input: Price of a million tokens of requests.
    ///   - output: Price of a million tokens of answers.
    ///   - cap: Most that all judgements of the file together may cost; `nil` without a cap.
    public init(input: Double, output: Double, cap: Double?) {
      self.input = input
      self.output = output
      self.cap = cap
    }
  }

  private let matches: [JudgeMatch]
  private let prompts: [String: JudgePrompt]
  private let endpoint: JudgeEndpoint
  private let price: Price
  private let path: String
  private var lines: [JSONValue] = []

  /// Reads questions, answers and prompts, and what has been judged.
  ///
  /// - Parameters:
  ///   - questions: The questions.
  ///   - answers: Answers by question.
  ///   - others: Answers to compare with, for pairs; `nil` for grades.
  ///   - references: Reference answers by question.
  ///   - prompts: File of the judges' prompts.
  ///   - endpoint: Who judges.
  ///   - price: What it may cost.
  ///   - path: Where judgements are written.
  /// - Throws: `RunError` or `FormatError` that names what is missing.
  public init(
    questions: [BenchQuestion],
    answers: [Int: BenchAnswer],
    others: [Int: BenchAnswer]?,
    references: [Int: BenchAnswer],
    prompts: String,
    endpoint: JudgeEndpoint,
    price: Price,
    path: String
  ) throws {
    self.prompts = try JudgePrompt.all(in: prompts)
    (self.endpoint, self.price, self.path) = (endpoint, price, path)
    matches = try questions.flatMap { question in
      try (1...question.turns.count).map { turn in
        try Self.match(question, turn, answers, others, references)
      }
    }
    for match in matches where self.prompts[match.promptName] == nil {
      throw RunError(
        .unsupported,
        "\(prompts): expected the prompt \(match.promptName), found none"
      )
    }
    if FileManager.default.fileExists(atPath: path) {
      lines = try JSONRow.all(in: path).map(\.json)
    }
  }

  private static func match(
    _ question: BenchQuestion,
    _ turn: Int,
    _ answers: [Int: BenchAnswer],
    _ others: [Int: BenchAnswer]?,
    _ references: [Int: BenchAnswer]
  ) throws -> JudgeMatch {
    func answer(_ all: [Int: BenchAnswer], _ what: String) throws(RunError) -> BenchAnswer {
      guard let answer = all[question.id], answer.turns.count >= turn else {
        throw RunError(
          .unsupported,
          "question \(question.id): expected \(what) to turn \(turn), found none"
        )
      }
      return answer
    }
    return JudgeMatch(
      question: question,
      turn: turn,
      answer: try answer(answers, "an answer"),
      other: try others.map { try answer($0, "an answer to compare with") },
      reference: question.needsReference ? try answer(references, "a reference answer") : nil
    )
  }

  /// What the judgements of the file have cost so far.
  public var cost: Double {
    lines.reduce(0) { sum, line in
      let (input, output) = (line["prompt_tokens"]?.integer, line["completion_tokens"]?.integer)
      return sum + (Double(input ?? 0) * price.input + Double(output ?? 0) * price.output) / 1e6
    }
  }

  /// Judges what has not been judged.
  ///
  /// - Parameter report: Called with the judgements that are there and all that are wanted.
  /// - Returns: A table of grades, or of wins.
  /// - Throws: `RunError` when the endpoint fails or the cap is reached; what was judged is kept.
  public mutating func run(report: (Int, Int) -> Void) async throws -> TextTable {
    let done = Set(lines.compactMap { $0["match"]?.text })
    var count = matches.count { done.contains($0.key) }
    for match in matches where !done.contains(match.key) {
      report(count, matches.count)
      if let cap = price.cap, cost >= cap {
        throw RunError(
          .unsupported,
          "the judgements have cost \(NumberText.fixed(cost, decimals: 2)), the cap is "
            + "\(NumberText.fixed(cap, decimals: 2)); \(count) of \(matches.count) are in \(path)"
        )
      }
      lines.append(try await judged(match))
      try save()
      count += 1
    }
    return JudgeTable(lines, matches: matches).table
  }

  private func save() throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try AtomicFile.write(Data(lines.map { $0.encoded + "\n" }.joined().utf8), to: path)
  }

  private func judged(_ match: JudgeMatch) async throws -> JSONValue {
    guard let prompt = prompts[match.promptName] else {
      preconditionFailure("the prompt \(match.promptName) was checked")
    }
    let text = prompt.text(match.values())
    let first = try await endpoint.answer(system: prompt.system, user: text)
    var members: [JSONValue.Member] = [
      .init("question_id", .number("\(match.question.id)")),
      .init("judge", .array([.string(endpoint.model), .string(prompt.name)])),
      .init("turn", .number("\(match.turn)")), .init("tstamp", .number("0.0")),
      .init("match", .string(match.key)),
    ]
    var usage = (first.promptTokens, first.completionTokens)
    if let other = match.other {
      let swapped = prompt.text(match.values(isSwapped: true))
      let second = try await endpoint.answer(system: prompt.system, user: swapped)
      usage = (usage.0 + second.promptTokens, usage.1 + second.completionTokens)
      members += [
        .init("model_1", .string(match.answer.model)), .init("model_2", .string(other.model)),
        .init("g1_winner", .string(JudgeVerdict.winner(in: first.text).rawValue)),
        .init("g2_winner", .string(JudgeVerdict.winner(in: second.text).swapped.rawValue)),
        .init("g1_user_prompt", .string(text)), .init("g1_judgment", .string(first.text)),
        .init("g2_user_prompt", .string(swapped)), .init("g2_judgment", .string(second.text)),
      ]
    } else {
      members += [
        .init("model", .string(match.answer.model)), .init("user_prompt", .string(text)),
        .init("judgment", .string(first.text)),
        .init("score", .number("\(JudgeVerdict.score(in: first.text))")),
      ]
    }
    members.append(.init("prompt_tokens", .number("\(usage.0)")))
    members.append(.init("completion_tokens", .number("\(usage.1)")))
    return .object(members)
  }
}
