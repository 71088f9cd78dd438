import DevFTModel

/// What a model makes of the held-out examples.
struct HeldOutResult {
  /// Mean loss, in nats a target.
  var loss: Double
  /// Share of the classes that came out right; `nil` for a decoder.
  var accuracy: Double?

  /// The mean over several adapters.
  ///
  /// - Parameter losses: What each of them gave, at least one.
  init(meanOf losses: [BatchLoss]) {
    loss = losses.reduce(0) { $0 + $1.mean } / Double(losses.count)
    let shares = losses.compactMap { loss in
      loss.correctCount.map { Double($0) / Double(max(1, loss.targetCount)) }
    }
    accuracy = shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
  }
}
