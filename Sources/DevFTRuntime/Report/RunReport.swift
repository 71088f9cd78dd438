import DevFTFederation
import DevFTStages
import Foundation

/// Gathers what run directories hold into the data of a report page.
public struct RunReport: Sendable {
  /// A finished or running run under the name it is shown by.
  public struct Run: Sendable {
    /// Name of the method, as shown.
    public var name: String
    /// Its directory.
    public var directory: RunDirectory

    /// Names a run.
    ///
    /// - Parameters:
    ///   - name: Name of the method, as shown.
    ///   - directory: Its directory.
    public init(name: String, directory: RunDirectory) {
      self.name = name
      self.directory = directory
    }
  }

  /// The page's data; results and answers beyond the runs can be set beside.
  public var data: ReportData

  /// Reads run directories.
  ///
  /// - Parameters:
  ///   - title: Title of the page.
  ///   - configuration: What the runs share.
  ///   - runs: The runs; the stages shown are those of the run with the most.
  /// - Throws: `RunError` when a file of a directory cannot be read.
  public init(title: String, configuration: RunConfiguration, runs: [Run]) throws {
    data = ReportData(title: title)
    data.settings = Self.settings(configuration)
    for run in runs {
      let records = try run.directory.records()
      data.series.append(
        ReportSeries(method: run.name, points: try run.points)
      )
      let stages = try run.stages(records)
      if stages.count > data.stages.count {
        data.stages = stages
        data.similarity = try run.similarity
      }
    }
  }

  private static func cohorts(_ federation: FederationConfiguration) -> String {
    let counts = federation.cohorts ?? [federation.clientsPerRound]
    return counts.map { "\($0)" }.joined(separator: ", then ")
  }

  /// What a configuration says, in words.
  static func settings(_ configuration: RunConfiguration) -> [ReportData.Setting] {
    let federation = configuration.federation
    let lora = configuration.lora
    let local = configuration.local
    return [
      ReportData.Setting(name: "model", value: configuration.model),
      ReportData.Setting(
        name: "clients",
        value: "\(federation.clients), \(cohorts(federation)) a round"
      ),
      ReportData.Setting(name: "rounds", value: "\(federation.rounds)"),
      ReportData.Setting(
        name: "local steps",
        value: "\(local.steps) of \(local.batch) examples"
      ),
      ReportData.Setting(
        name: "learning rate",
        value: "\(local.learningRate) to \(local.finalLearningRate)"
      ),
      ReportData.Setting(
        name: "LoRA",
        value: "rank \(lora.rank), alpha \(NumberText.fixed(lora.alpha, decimals: 0)), "
          + lora.targets.map(\.rawValue).joined(separator: " ")
      ),
      ReportData.Setting(name: "seed", value: "\(configuration.seed)"),
    ]
  }
}

extension RunReport.Run {
  /// The state before the first round and after each.
  var points: [ReportSeries.Point] {
    get throws {
      var start = ReportSeries.Point(round: 0)
      start.heldOutLoss = try baseLoss
      var (points, bytes, seconds) = ([start], Traffic(), 0.0)
      for record in try directory.records() {
        bytes = bytes + record.bytes
        seconds += record.computeSeconds
        var point = ReportSeries.Point(round: record.round)
        point.stage = record.stage
        point.capacity = record.capacity
        point.trainingLoss = record.loss
        point.heldOutLoss = record.heldOutLoss
        point.traffic = bytes
        point.seconds = seconds
        points.append(point)
      }
      return points
    }
  }

  /// Held-out loss of the base model, where it was measured.
  fileprivate var baseLoss: Double? {
    get throws {
      try directory.read([String: Double?].self, from: "eval/base.json")?["loss"] ?? nil
    }
  }

  /// Layer similarity that the first stage was grouped by; empty without one.
  fileprivate var similarity: [[Double]] {
    get throws {
      try directory.read(StageReport.self, from: "stages/1/groups.json")?.similarity?.rows ?? []
    }
  }

  /// The stages as far as they have come.
  fileprivate func stages(_ records: [RoundRecord]) throws -> [ReportStage] {
    try Set(records.map(\.stage)).sorted().compactMap { stage in
      let records = records.filter { $0.stage == stage }
      guard let report = try directory.read(StageReport.self, from: "stages/\(stage)/groups.json")
      else { return nil }
      let losses = try directory.read(StageLosses.self, from: StageLosses.name(ofStage: stage))
      return ReportStage(report, losses: losses, records: records)
    }
  }
}

extension ReportStage {
  /// Joins what a stage's files say.
  fileprivate init(_ report: StageReport, losses: StageLosses?, records: [RoundRecord]) {
    self.init(stage: report.stage, capacity: report.capacity, rounds: records.count)
    groups = report.groups.map(\.members)
    isContiguous = report.isContiguous
    // The largest group says most about the construction.
    if let largest = report.groups.max(by: { $0.members.count < $1.members.count }) {
      anchorCoefficient = largest.anchorCoefficient
      normRatio = largest.normRatio
      cosine = largest.cosine
    }
    submodelLossBefore = losses?.submodelBefore
    submodelLossAfter = losses?.submodelAfter
    fullLossBefore = losses?.fullBefore
    fullLossAfter = losses?.fullAfter
    bytes = records.reduce(0) { $0 + $1.bytes.up + $1.bytes.down }
    seconds = records.reduce(0) { $0 + $1.computeSeconds }
    peakMemory = records.map(\.peakBytes).max()
  }
}
