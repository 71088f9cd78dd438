import DevFTEvaluation
import DevFTFormats

/// The benchmarks by name.
public enum EvaluationTask: String, CaseIterable, Sendable {
  /// Multiple choice over 57 subjects.
  case mmlu
  /// One true answer among false ones.
  case truthfulQA1 = "truthfulqa_mc1"
  /// Probability of true answers.
  case truthfulQA2 = "truthfulqa_mc2"
  /// 27 hard tasks with reasoning written out.
  case bbh
  /// The same without reasoning.
  case bbhDirect = "bbh_direct"
  /// Instructions that a program can check.
  case ifEval = "ifeval"
  /// Surprise over a file's texts or answers.
  case perplexity
  /// Exact match and word overlap on a file's answers.
  case answers

  /// The names, for help texts.
  public static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// Finds tasks by name.
  ///
  /// - Parameter list: Names joined by commas.
  /// - Returns: The tasks in that order, each once.
  /// - Throws: `RunError` that names what is not known, and the nearest name.
  public static func tasks(in list: String) throws(RunError) -> [EvaluationTask] {
    var tasks: [EvaluationTask] = []
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      let name = word.filter { !$0.isWhitespace }
      guard let task = EvaluationTask(rawValue: name) else {
        let names = allCases.map(\.rawValue)
        let nearest = NearestName.find(name, among: names)
        throw RunError(
          .unsupported,
          "--tasks: expected some of \(names.joined(separator: ", ")), got \"\(name)\""
            + (nearest.map { "; did you mean \($0)?" } ?? "")
        )
      }
      if !tasks.contains(task) { tasks.append(task) }
    }
    return tasks
  }

  /// The files of the data directory that the task reads.
  public var files: [EvaluationData.File] {
    switch self {
    case .mmlu: [.mmlu]
    case .truthfulQA1, .truthfulQA2: [.truthfulQA]
    case .bbh, .bbhDirect: [.bbh, .bbhPrompts]
    case .ifEval: [.ifEval, .punkt, .languages]
    case .perplexity, .answers: []
    }
  }

  /// Whether the task reads the file that the user names.
  public var readsRows: Bool { self == .perplexity || self == .answers }

  /// Reads the task's questions.
  ///
  /// - Parameters:
  ///   - data: Where the published files are.
  ///   - rows: The user's own file, for tasks that read one.
  ///   - options: How much, and in which form.
  ///   - maximumTokens: Longest answer to the user's own rows, in tokens.
  /// - Returns: The benchmark.
  /// - Throws: `FormatError` or `RunError` that names what is missing.
  func benchmark(
    data: EvaluationData,
    rows: String? = nil,
    options: BenchmarkOptions,
    maximumTokens: Int = 256
  ) throws -> any Benchmark {
    switch self {
    case .mmlu: try MMLU(path: data.path(of: .mmlu), options: options)
    case .truthfulQA1:
      try TruthfulQA(path: data.path(of: .truthfulQA), form: .mc1, options: options)
    case .truthfulQA2:
      try TruthfulQA(path: data.path(of: .truthfulQA), form: .mc2, options: options)
    case .bbh: try bigBench(.chainOfThought, data, options)
    case .bbhDirect: try bigBench(.direct, data, options)
    case .ifEval:
      try IFEval(
        path: data.path(of: .ifEval),
        checker: try data.instructionChecker(),
        options: options
      )
    case .perplexity: try Perplexity(path: try own(rows), options: options)
    case .answers:
      try HeldOutMatch(path: try own(rows), options: options, maximumTokens: maximumTokens)
    }
  }

  private func bigBench(
    _ form: BigBenchHard.Form,
    _ data: EvaluationData,
    _ options: BenchmarkOptions
  ) throws -> any Benchmark {
    try BigBenchHard(
      path: data.path(of: .bbh),
      promptsPath: data.path(of: .bbhPrompts),
      form: form,
      options: options
    )
  }

  private func own(_ rows: String?) throws(RunError) -> String {
    guard let rows else {
      throw RunError(.unsupported, "--rows: expected a JSONL file for \(rawValue), got none")
    }
    return rows
  }
}
