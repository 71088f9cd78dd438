public import DevFTStages

/// What happens in a run, for whoever shows it.
public enum RunEvent: Sendable {
  /// The model and data are being read.
  case loading
  /// A stage's submodel is ready.
  case stage(StageReport, stageCount: Int, rounds: ClosedRange<Int>, roundCount: Int)
  /// A step of a client is done.
  case step(round: Int, loss: Double, tokens: Int)
  /// A round is done.
  case round(RoundRecord)
  /// The full-depth model was measured.
  case evaluation(round: Int, loss: Double)
  /// The adapter is written.
  case finished(path: String)
}
