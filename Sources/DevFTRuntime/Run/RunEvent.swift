public import DevFTStages

/// What happens in a run, for whoever shows it.
public enum RunEvent: Sendable {
  /// The model and data are being read.
  case loading
  /// A stage's submodel is ready.
  case stage(Stage)
  /// A step of a client is done; `targets` counts the tokens it learnt to predict.
  case step(loss: Double, targets: Int)
  /// A round is done.
  case round(RoundRecord)
  /// The full-depth model was measured.
  case evaluation(round: Int, loss: Double)
  /// The adapter is written.
  case finished(path: String)

  /// A stage that begins, or goes on.
  public struct Stage: Sendable {
    /// Number, groups and similarity.
    public var report: StageReport
    /// Stages of the run.
    public var stageCount: Int
    /// Rounds that have finished.
    public var finishedRounds: Int
    /// Rounds of the run.
    public var roundCount: Int
    /// Steps of all clients in one round; `nil` when they differ from client to client.
    public var stepsPerRound: Int?
    /// Bytes sent and received so far.
    public var byteCount: Int
  }
}
