import DevFTEvaluation
public import DevFTTensor

/// Speed of MMLU with five examples: questions a second, from texts to scores.
public struct EvaluationBenchmark: Sendable {
  /// Directory with the benchmark's file.
  public var data: EvaluationData
  /// First questions of each subject, at least 1; `nil`: all.
  public var limit: Int?
  /// Type of the products.
  public var precision: Precision

  /// What was measured.
  public struct Measurement: Codable, Sendable {
    /// Questions by the seconds from the first text to the last score.
    public var questionsPerSecond: Double
    /// Those seconds; reading the model and the file do not count.
    public var seconds: Double
    /// Questions.
    public var questions: Int
    /// Share of right answers.
    public var accuracy: Double
    /// Largest resident size of the process, in bytes.
    public var peakByteCount: Int

    private enum CodingKeys: String, CodingKey {
      case seconds, questions, accuracy
      case questionsPerSecond = "questions_per_second"
      case peakByteCount = "peak_rss_bytes"
    }
  }

  /// Describes a benchmark.
  ///
  /// - Parameters:
  ///   - data: Directory with the benchmark's file.
  ///   - limit: First questions of each subject, at least 1; `nil`: all.
  ///   - precision: Type of the products.
  public init(data: EvaluationData, limit: Int?, precision: Precision) {
    self.data = data
    self.limit = limit
    self.precision = precision
  }

  /// Loads the model and puts all questions to it once.
  ///
  /// - Parameter model: A known name, or the path of a GGUF file or a Hugging Face directory.
  /// - Returns: What was measured.
  /// - Throws: When the model or the questions cannot be read.
  public func run(model: String) throws -> Measurement {
    let mmlu = try MMLU(path: data.path(of: .mmlu), options: BenchmarkOptions(limit: limit))
    let loaded = try LoadedModel(model)
    let model = try EvaluatedModel(
      loaded,
      adapter: nil,
      precision: precision,
      maximumLength: loaded.length(nil, standard: EvaluationRun.standardLength, key: "")
    )
    let start = ContinuousClock.now
    let result = try mmlu.run(on: model) { _ in }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return Measurement(
      questionsPerSecond: Double(mmlu.questionCount) / seconds,
      seconds: seconds,
      questions: mmlu.questionCount,
      accuracy: result.metrics[0].estimate.value,
      peakByteCount: ProcessMemory.peakByteCount
    )
  }
}
