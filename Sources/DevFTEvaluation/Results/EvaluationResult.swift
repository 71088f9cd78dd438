/// What a model reached on one benchmark.
public struct EvaluationResult: Sendable {
  /// A number of a benchmark or of a group of its samples.
  public struct Metric: Sendable {
    /// Name, as lm-evaluation-harness spells it where it has the metric.
    public var name: String
    /// The number.
    public var estimate: MeanEstimate

    /// Names a number.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - estimate: The number.
    public init(_ name: String, _ estimate: MeanEstimate) {
      self.name = name
      self.estimate = estimate
    }
  }

  /// A subject, a sub-task, or several together.
  public struct Group: Sendable {
    /// Its name.
    public var name: String
    /// Its numbers.
    public var metrics: [Metric]
  }

  /// Name of the task.
  public var task: String
  /// The numbers over all samples, the main one first.
  public var metrics: [Metric]
  /// The same for groups of samples.
  public var groups: [Group]
  /// The samples in the order of the file.
  public var samples: [EvaluationSample]

  /// Describes a result.
  ///
  /// - Parameters:
  ///   - task: Name of the task.
  ///   - metrics: The numbers over all samples, the main one first.
  ///   - groups: The same for groups of samples.
  ///   - samples: The samples in the order of the file.
  public init(
    task: String,
    metrics: [Metric],
    groups: [Group] = [],
    samples: [EvaluationSample]
  ) {
    self.task = task
    self.metrics = metrics
    self.groups = groups
    self.samples = samples
  }

  /// Averages samples over groups, and groups over all samples.
  ///
  /// - Parameters:
  ///   - task: Name of the task.
  ///   - metric: Name of the number.
  ///   - samples: The samples; those of a group need not be neighbours.
  ///   - value: The number of a sample.
  init(
    task: String,
    metric: String,
    samples: [EvaluationSample],
    value: (EvaluationSample) -> Double
  ) {
    var order: [String] = []
    var numbers: [String: [Double]] = [:]
    for sample in samples {
      if numbers[sample.group] == nil { order.append(sample.group) }
      numbers[sample.group, default: []].append(value(sample))
    }
    let groups = order.map { name in
      Group(name: name, metrics: [Metric(metric, MeanEstimate(numbers[name] ?? []))])
    }
    let total = MeanEstimate(pooling: groups.map { $0.metrics[0].estimate })
    self.init(
      task: task,
      metrics: [Metric(metric, groups.count == 1 ? groups[0].metrics[0].estimate : total)],
      groups: groups.count == 1 ? [] : groups,
      samples: samples
    )
  }
}
