import DevFTEvaluation
import DevFTTensor

/// `summary.json`: what was run, and every number with its standard error.
struct EvaluationSummary: Codable {
  /// One task.
  struct Task: Codable {
    /// Numbers over all samples.
    var metrics: [String: MeanEstimate]
    /// Numbers by group.
    var groups: [String: [String: MeanEstimate]]
    /// Seconds from the first question to the last answer.
    var seconds: Double
  }

  /// The model.
  var model: String
  /// The adapter.
  var adapter: String?
  /// Type of the products.
  var precision: String
  /// Most questions of a group.
  var limit: Int?
  /// Few-shot examples, where they were set.
  var shots: Int?
  /// Whether prompts stood in the chat template.
  var chatTemplate: Bool
  /// Version of this program.
  var version: String
  /// The tasks by name.
  var tasks: [String: Task]

  private enum CodingKeys: String, CodingKey {
    case model, adapter, precision, limit, shots, version, tasks
    case chatTemplate = "chat_template"
  }

  /// Collects it.
  init(
    _ setting: EvaluationRun.Setting,
    results: [EvaluationResult],
    seconds: [String: Double]
  ) {
    model = setting.model
    adapter = setting.adapter
    precision = setting.precision.rawValue
    limit = setting.options.limit
    shots = setting.options.shots
    chatTemplate = setting.options.usesChatTemplate
    version = ProgramVersion.current
    tasks = [:]
    for result in results {
      tasks[result.task] = Task(
        metrics: Self.numbers(result.metrics),
        groups: Dictionary(
          result.groups.map { ($0.name, Self.numbers($0.metrics)) },
          uniquingKeysWith: { first, _ in first }
        ),
        seconds: seconds[result.task] ?? 0
      )
    }
  }

  private static func numbers(_ metrics: [EvaluationResult.Metric]) -> [String: MeanEstimate] {
    Dictionary(metrics.map { ($0.name, $0.estimate) }, uniquingKeysWith: { first, _ in first })
  }
}
