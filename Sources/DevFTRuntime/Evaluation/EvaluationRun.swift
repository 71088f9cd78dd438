public import DevFTEvaluation
public import DevFTTensor
import Foundation

/// Benchmarks on one model, from files to a directory of results.
///
/// All questions are read and checked before the first one is asked; the directory gets `samples/TASK.jsonl`
/// and, when all is done, `summary.json` and `report.html`.
public struct EvaluationRun {
  /// What is run.
  public struct Setting: Sendable {
    /// A known name, a GGUF file, or a Hugging Face directory.
    public var model: String
    /// Directory of a PEFT adapter, or `nil`.
    public var adapter: String?
    /// Type of the products.
    public var precision: Precision
    /// Longest sequence, in tokens; `nil` for the model's, up to 8192.
    public var maximumLength: Int?
    /// The benchmarks.
    public var tasks: [EvaluationTask]
    /// Directory of the published files.
    public var data: EvaluationData
    /// The user's own rows.
    public var rows: String?
    /// How much, and in which form.
    public var options: BenchmarkOptions
    /// Longest answer to the user's own rows, in tokens.
    public var maximumTokens: Int

    /// Describes what is run.
    ///
    /// - Parameters:
    ///   - model: A known name, a GGUF file, or a Hugging Face directory.
    ///   - adapter: Directory of a PEFT adapter, or `nil`.
    ///   - precision: Type of the products.
    ///   - maximumLength: Longest sequence, in tokens; `nil` for the model's, up to 8192.
    ///   - tasks: The benchmarks.
    ///   - data: Directory of the published files.
    ///   - rows: The user's own rows.
    ///   - options: How much, and in which form.
    ///   - maximumTokens: Longest answer to the user's own rows, in tokens.
    public init(
      model: String,
      adapter: String?,
      precision: Precision,
      maximumLength: Int?,
      tasks: [EvaluationTask],
      data: EvaluationData,
      rows: String?,
      options: BenchmarkOptions,
      maximumTokens: Int
    ) {
      self.model = model
      self.adapter = adapter
      self.precision = precision
      self.maximumLength = maximumLength
      self.tasks = tasks
      self.data = data
      self.rows = rows
      self.options = options
      self.maximumTokens = maximumTokens
    }
  }

  /// Longest sequence where nothing is set and the model can take it, in tokens.
  static let standardLength = 8192

  private let setting: Setting
  private let model: EvaluatedModel
  private let benchmarks: [any Benchmark]
  private let directory: RunDirectory

  /// Reads questions and model.
  ///
  /// - Parameters:
  ///   - setting: What is run.
  ///   - loaded: The model.
  ///   - directory: Where results go.
  /// - Throws: When model, adapter or a file is missing or broken.
  public init(_ setting: Setting, model loaded: LoadedModel, directory: RunDirectory) throws {
    self.setting = setting
    self.directory = directory
    benchmarks = try setting.tasks.map { task in
      try task.benchmark(
        data: setting.data,
        rows: setting.rows,
        options: setting.options,
        maximumTokens: setting.maximumTokens
      )
    }
    let length = try loaded.length(
      setting.maximumLength,
      standard: Self.standardLength,
      key: "--max-length"
    )
    model = try EvaluatedModel(
      loaded,
      adapter: setting.adapter,
      precision: setting.precision,
      maximumLength: length
    )
  }

  /// Puts all questions to the model and writes what came out.
  ///
  /// - Parameter report: Called with the task, questions that are done and questions in all.
  /// - Returns: One result a task.
  /// - Throws: When an answer cannot be asked for, or the directory not written.
  public func run(
    report: (_ task: String, _ done: Int, _ count: Int) -> Void
  ) throws -> [EvaluationResult] {
    var (results, seconds): ([EvaluationResult], [String: Double]) = ([], [:])
    for benchmark in benchmarks {
      var done = 0
      let clock = ContinuousClock()
      let start = clock.now
      report(benchmark.name, 0, benchmark.questionCount)
      let result = try benchmark.run(on: model) { count in
        done += count
        report(benchmark.name, done, benchmark.questionCount)
      }
      seconds[benchmark.name] = (clock.now - start) / .seconds(1)
      let lines = result.samples.map { $0.line + "\n" }.joined()
      try directory.write(Data(lines.utf8), to: "samples/\(result.task).jsonl")
      results.append(result)
    }
    let summary = EvaluationSummary(setting, results: results, seconds: seconds)
    try directory.write(summary, to: "summary.json")
    let page = EvaluationPage(summary: summary, results: results)
    try directory.write(Data(page.html.utf8), to: "report.html")
    return results
  }
}

extension EvaluationRun {
  /// The numbers over all samples.
  ///
  /// - Parameter results: What came out.
  /// - Returns: One row a number.
  public static func table(of results: [EvaluationResult]) -> TextTable {
    let rows = results.flatMap { result in
      result.metrics.map { metric in
        [
          result.task, metric.name, NumberText.fixed(metric.estimate.value, decimals: 4),
          NumberText.fixed(metric.estimate.standardError, decimals: 4),
          String(metric.estimate.count),
        ]
      }
    }
    return TextTable(head: ["task", "metric", "value", "stderr", "samples"], rows: rows)
  }
}
