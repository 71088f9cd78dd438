import DevFTFederation
import DevFTStages
import DevFTTensor

/// Where a run stands between two rounds.
struct RunProgress {
  /// The last finished round; 0 before the first.
  var round = 0
  /// Stage of the next round, from 1; past the last stage when all rounds are done.
  var stage = 1
  /// Adapters: of the submodel inside a stage, of the full model between stages.
  var state: FederatedState
  /// The stage that is under way after a resume, or `nil` between stages.
  var openReport: StageReport?
  /// Groups of the stage before, or `nil`.
  var previousGroups: LayerGroups?
  /// Held-out loss of the full-depth model when last measured at the end of a stage.
  var fullLoss: Double?
  /// Lowest held-out loss of the full-depth model so far.
  var bestLoss = Double.infinity
  /// Records of the finished rounds.
  var records: [RoundRecord] = []
  /// Clients that already have what the stage ships.
  var supplied: Set<Int> = []

  /// The last round whose cohort a client was in, by client.
  var lastRounds: [Int: Int] {
    records.reduce(into: [:]) { rounds, record in
      for client in record.cohort { rounds[client] = record.round }
    }
  }

  /// Starts at the beginning, or where the run directory's newest checkpoint stands.
  init(_ setting: RunSetting, directory: RunDirectory) throws {
    state = setting.federation.method.initialState(setting.freshAdapter())
    guard let checkpoint = try Checkpoint.newest(in: directory) else {
      try directory.write([RoundRecord]())
      return
    }
    round = checkpoint.round
    state = checkpoint.state
    stage = setting.schedule.stage(ofRound: round)
    // All that the page at the end will want, so that a damaged run stops now and not then.
    for stage in 1...stage {
      previousGroups = try openReport.map { try LayerGroups($0.groups.map(\.members)) }
      openReport = try Self.report(ofStage: stage, in: directory)
      _ = try directory.read(StageLosses.self, from: StageLosses.name(ofStage: stage))
    }
    records = try directory.records().filter { $0.round <= checkpoint.round }
    guard records.count == round else {
      throw RunError(
        .directory,
        "\(directory.path(RunDirectory.metrics)): expected \(round) rounds, found \(records.count)"
      )
    }
    try directory.write(records)
    supplied = Set(records.filter { $0.stage == stage }.flatMap(\.cohort))
    bestLoss = records.filter { $0.skipped == nil }.compactMap(\.heldOutLoss).min() ?? .infinity
    let lossBefore = try directory.read([String: Double?].self, from: "eval/base.json")?["loss"]
    fullLoss =
      records.last { $0.stage < stage && $0.heldOutLoss != nil }?.heldOutLoss ?? lossBefore ?? nil
  }

  private static func report(ofStage stage: Int, in directory: RunDirectory) throws -> StageReport {
    let name = "stages/\(stage)/groups.json"
    guard let report = try directory.read(StageReport.self, from: name) else {
      throw RunError(.directory, "\(directory.path(name)): is missing")
    }
    return report
  }
}
