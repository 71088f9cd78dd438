import DevFTFederation

/// What a checkpoint keeps of a late update beside its tensors.
struct LateRecord: Codable {
  private var client: Int
  private var round: Int
  private var stage: Int
  private var timeLeft: Duration
  private var report: TrainingReport

  private enum CodingKeys: String, CodingKey {
    case client, round, stage, report
    case timeLeft = "time_left"
  }

  /// Describes a late update.
  init(_ late: LateUpdate) {
    (client, round, stage) = (late.update.client, late.update.round, late.stage)
    (timeLeft, report) = (late.timeLeft, late.update.report)
  }

  /// The update, without its tensors.
  var update: LateUpdate {
    let update = ClientUpdate(client: client, round: round, adapter: [], report: report)
    return LateUpdate(update, stage: stage, timeLeft: timeLeft)
  }
}
