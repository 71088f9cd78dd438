import DevFTTensor

/// Holds a client's update against what the server sent it.
struct UpdateCheck {
  /// The largest count a report may claim: sums of many stay far from overflow.
  static let largestCount = 1 << 48
  /// The longest training a report may claim: thirty years.
  static let longestTime = Duration.seconds(1_000_000_000)

  /// The adapter that was sent.
  let expected: [NamedTensors]

  /// Checks an update.
  ///
  /// - Parameter update: What came.
  /// - Throws: `RejectedUpdate` with reason `wrongShape`, `nonFinite` or `wrongReport`.
  func check(_ update: ClientUpdate) throws(RejectedUpdate) {
    func rejection(_ reason: RejectedUpdate.Reason, _ message: String) -> RejectedUpdate {
      RejectedUpdate(client: update.client, reason: reason, message: message)
    }
    let layout = AdapterLayout(update.adapter)
    if let difference = AdapterLayout(expected).difference(to: layout) {
      throw rejection(.wrongShape, difference)
    }
    for (layer, tensors) in update.adapter.enumerated() {
      for name in tensors.names where tensors[name]?.isFinite == false {
        throw rejection(.nonFinite, "layer \(layer), \(name): a number is NaN or infinite")
      }
    }
    guard update.report.loss.isFinite else {
      throw rejection(.nonFinite, "the training loss is NaN or infinite")
    }
    guard Self.isPlausible(update.report) else {
      throw rejection(.wrongReport, "a count or time of the report is negative or too large")
    }
  }

  private static func isPlausible(_ report: TrainingReport) -> Bool {
    let counts = [
      report.exampleCount, report.tokenCount, report.stepCount, report.peakByteCount,
    ]
    return counts.allSatisfy { (0...largestCount).contains($0) }
      && (.zero...longestTime).contains(report.computeTime)
  }
}
