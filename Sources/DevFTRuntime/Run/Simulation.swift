import DevFTFederation
import DevFTFormats
import DevFTStages
import DevFTTensor
import DevFTTraining
import Foundation

/// A federated run, from a configuration to an adapter in a run directory.
///
/// ```swift
/// let run = try Simulation(configuration, directory: RunDirectory("runs/demo")) { event in … }
/// let result = try run.run()
/// ```
/// A killed run goes on with `resuming`; both end in the same bytes. The clients are threads of this
/// process, or machines of their own; that too changes no byte.
public struct Simulation {
  let setting: RunSetting
  let directory: RunDirectory
  let evaluation: HeldOutEvaluation
  let report: @Sendable (RunEvent) -> Void
  /// The clients on other machines; `nil` when they are threads of this process.
  let clients: RemoteClients?
  /// SHA-256 of the base model.
  let modelSHA256: String
  private let lock: RunLock

  /// Prepares a new run.
  ///
  /// - Parameters:
  ///   - configuration: What to run.
  ///   - directory: Where it leaves its results; must not hold a run.
  ///   - clients: The clients on other machines, which hold the training examples; `nil`: threads of
  ///     this process.
  ///   - report: Called with what happens, from several threads.
  /// - Throws: When model, data or directory do not fit.
  public init(
    _ configuration: RunConfiguration,
    directory: RunDirectory,
    clients: RemoteClients? = nil,
    report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    report(.loading)
    setting = try RunSetting(configuration, role: Self.role(clients))
    try directory.create()
    lock = try RunLock(directory)
    try directory.write(setting.examples.partition, to: Self.partitionName)
    let identity = try RunIdentity(setting)
    try directory.write(identity, to: "run.json")
    if let labels = setting.examples.labels { try directory.write(labels.names, to: "labels.json") }
    try directory.write(
      Data(configuration.resolvedYAML.utf8),
      to: RunDirectory.configuration
    )
    self.directory = directory
    self.report = report
    self.clients = clients
    modelSHA256 = identity.modelSHA256
    evaluation = HeldOutEvaluation(setting)
  }

  /// Prepares to go on with a run.
  ///
  /// - Parameters:
  ///   - directory: The directory of the run.
  ///   - clients: As when the run began.
  ///   - report: Called with what happens, from several threads.
  /// - Throws: When the directory holds no run, or its model or data have changed.
  public init(
    resuming directory: RunDirectory,
    clients: RemoteClients? = nil,
    report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    report(.loading)
    let path = directory.path(RunDirectory.configuration)
    guard FileManager.default.fileExists(atPath: path) else {
      throw RunError(.directory, "\(directory.url.path): expected a run to go on with, found none")
    }
    lock = try RunLock(directory)
    let configuration = try RunConfiguration.load(file: path)
    guard let partition = try directory.read(Partition.self, from: Self.partitionName) else {
      throw RunError(.directory, "\(directory.path(Self.partitionName)): is missing")
    }
    setting = try RunSetting(
      configuration,
      role: Self.role(clients),
      savedPartition: partition
    )
    let identity = try RunIdentity(setting)
    try identity.check(against: directory)
    self.directory = directory
    self.report = report
    self.clients = clients
    modelSHA256 = identity.modelSHA256
    evaluation = HeldOutEvaluation(setting)
  }

  private static let partitionName = "partition.json"

  private static func role(_ clients: RemoteClients?) -> RunRole {
    clients == nil ? .whole : .server
  }

  /// Runs all rounds that are left and writes adapter and summary.
  ///
  /// - Returns: What came out.
  /// - Throws: `FederationError` when too many rounds are skipped; `RunError`; `FormatError`.
  public func run() throws -> RunSummary {
    var progress = try RunProgress(setting, directory: directory)
    if progress.round == 0 {
      let adapters = setting.federation.method.evaluated(in: progress.state)
      progress.fullLoss = try evaluation.fullLoss(of: adapters)
      if let numbers = try evaluation.benchmarks(of: adapters) {
        try directory.write(numbers, to: RunDirectory.baseBenchmarks)
      }
      progress.state = try setting.federation.method.prepared(
        progress.state,
        by: ModelSurvey(setting: setting, evaluation: evaluation, directory: directory)
      )
      try directory.write(["loss": progress.fullLoss], to: "eval/base.json")
    }
    let lastStage = setting.schedule.stageCount
    while progress.stage <= lastStage {
      try StageRun(self).run(&progress)
    }
    return try finish(progress)
  }

  private func finish(_ progress: RunProgress) throws -> RunSummary {
    try writeAdapters(progress.state)
    if setting.federation.method.personalAdapters(in: progress.state).isEmpty { try answer() }
    let summary = try RunSummary(directory: directory, finalLoss: progress.fullLoss)
    try directory.write(summary, to: "eval/final.json")
    let page = try RunReport(
      title: directory.url.lastPathComponent,
      configuration: setting.configuration,
      runs: [RunReport.Run(name: setting.methodName, directory: directory)]
    )
    try directory.write(Data(ReportPage(page.data).html.utf8), to: "report.html")
    report(.finished(path: directory.path("adapter")))
    return summary
  }

  /// Has the final adapter answer held-out requests, when the configuration asks for it.
  private func answer() throws {
    let count = setting.configuration.eval.generate
    guard count > 0, setting.configuration.data.eval != nil else { return }
    evaluation.release()
    let answers = try HeldOutAnswers(
      setting.configuration,
      count: count,
      model: setting.model,
      weights: setting.memoryPlan.weights
    )
    let match = try answers.answers(adapter: directory.path("adapter"))
    try directory.write(match, to: RunDirectory.answers)
  }

  /// The method's adapter; where each client has its own, theirs in its place.
  private func writeAdapters(_ state: FederatedState) throws {
    func write(_ layers: [NamedTensors], to name: String) throws {
      let whole = FactorBank.joined(state.bank.layers, layers)
      try setting.peftAdapter(whole).write(to: directory.path(name))
    }
    let method = setting.federation.method
    let personal = method.personalAdapters(in: state)
    guard !personal.isEmpty else {
      return try write(method.evaluated(in: state)[0], to: "adapter")
    }
    for (holder, layers) in personal.sorted(by: { $0.key < $1.key }) {
      try write(layers, to: "adapters/\(type(of: method).adapterHolder)-\(holder)")
    }
  }
}
