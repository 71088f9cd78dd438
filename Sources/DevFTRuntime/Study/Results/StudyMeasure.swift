import DevFTFederation

/// A column of a study's table.
enum StudyMeasure: String, CaseIterable, Sendable {
  case finalLoss = "final_loss"
  case bestLoss = "best_loss"
  case accuracy
  case exactMatch = "exact_match"
  case mmlu
  case truthfulQA1 = "truthfulqa_mc1"
  case truthfulQA2 = "truthfulqa_mc2"
  case bbh
  case bbhDirect = "bbh_direct"
  case ifEval = "ifeval"
  case bytesUp = "bytes_up"
  case bytesDown = "bytes_down"
  case baseDown = "base_down"
  case operations = "flops"
  case deviceSeconds = "device_seconds"
  case peakMemory = "peak_bytes"
  case secondsToTarget = "seconds_to_target"
  case bytesToTarget = "bytes_to_target"

  /// What the numbers are, which decides how they are written.
  enum Quantity { case loss, share, bytes, seconds, operations }

  /// Heading of the column.
  var title: String {
    switch self {
    case .finalLoss: "final loss"
    case .bestLoss: "best loss"
    case .accuracy: "accuracy"
    case .exactMatch: "exact match"
    case .mmlu, .truthfulQA1, .truthfulQA2, .bbh, .bbhDirect, .ifEval: rawValue
    case .bytesUp: "bytes up"
    case .bytesDown: "bytes down"
    case .baseDown: "of it base"
    case .operations: "operations"
    case .deviceSeconds: "device time"
    case .peakMemory: "peak memory"
    case .secondsToTarget: "time to target"
    case .bytesToTarget: "bytes to target"
    }
  }

  /// What the numbers are.
  var quantity: Quantity {
    switch self {
    case .finalLoss, .bestLoss: .loss
    case .accuracy, .exactMatch, .mmlu, .truthfulQA1, .truthfulQA2, .bbh, .bbhDirect, .ifEval:
      .share
    case .bytesUp, .bytesDown, .baseDown, .peakMemory, .bytesToTarget: .bytes
    case .deviceSeconds, .secondsToTarget: .seconds
    case .operations: .operations
    }
  }

  /// Whether a run has the number only once it is as good as the target.
  var needsTarget: Bool { self == .secondsToTarget || self == .bytesToTarget }

  /// The best of several means; `nil` where they are equal, and for what is a cost of the setting and
  /// no achievement.
  func best(of means: [Double]) -> Double? {
    guard Set(means).count > 1 else { return nil }
    return switch self {
    case .finalLoss, .bestLoss, .secondsToTarget, .bytesToTarget: means.min()
    case .accuracy, .exactMatch, .mmlu, .truthfulQA1, .truthfulQA2, .bbh, .bbhDirect, .ifEval:
      means.max()
    case .bytesUp, .bytesDown, .baseDown, .operations, .deviceSeconds, .peakMemory: nil
    }
  }

  /// The number of a run.
  ///
  /// - Parameters:
  ///   - result: The run.
  ///   - target: Loss to reach; `nil`: there is none for this run.
  /// - Returns: The number, or `nil` where the run has none.
  func value(of result: StudyResult, target: Double?) -> Double? {
    switch self {
    case .finalLoss: result.finalLoss
    case .bestLoss: result.bestLoss
    case .accuracy: result.accuracy
    case .exactMatch: result.exactMatch
    case .mmlu, .truthfulQA1, .truthfulQA2, .bbh, .bbhDirect, .ifEval: result.benchmarks[rawValue]
    case .bytesUp: Double(result.traffic.up)
    case .bytesDown: Double(result.traffic.down)
    case .baseDown: Double(result.traffic.baseDown)
    case .operations: result.operations
    case .deviceSeconds: result.deviceSeconds
    case .peakMemory: Double(result.peakByteCount)
    case .secondsToTarget: target.flatMap(result.firstPoint)?.seconds
    case .bytesToTarget: target.flatMap(result.firstPoint).map { Double($0.traffic.total) }
    }
  }
}
