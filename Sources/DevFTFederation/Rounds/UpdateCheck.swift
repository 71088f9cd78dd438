import DevFTTensor

/// Holds a client's update against what the server sent it.
struct UpdateCheck {
  /// The largest count a report may claim: sums of many stay far from overflow.
  static let largestCount = 1 << 48
  /// The most operations a report may claim: a thousand years of a petaflop.
  static let largestOperationCount = 1e26
  /// The longest training a report may claim: thirty years.
  static let longestTime = Duration.seconds(1_000_000_000)

  /// What was sent.
  private let task: ClientTask
  /// Whether the adapter may have come back with a lower rank.
  private let allowsLowerRank: Bool
  /// What stands beside the adapter that was sent, and must stand beside the one that came.
  private let auxiliary: [NamedTensors]

  /// Prepares the check of one client's update.
  init(_ task: ClientTask, by method: any FederatedMethod) {
    self.task = task
    allowsLowerRank = method.prunesRanks
    auxiliary = method.returnsAuxiliary ? task.auxiliary : []
  }

  /// Checks an update.
  ///
  /// - Parameter update: What came.
  /// - Throws: `RejectedUpdate` with reason `wrongShape`, `nonFinite` or `wrongReport`.
  func check(_ update: ClientUpdate) throws(RejectedUpdate) {
    func rejection(_ reason: RejectedUpdate.Reason, _ message: String) -> RejectedUpdate {
      RejectedUpdate(client: update.client, reason: reason, message: message)
    }
    if let difference = difference(to: update.adapter) {
      throw rejection(.wrongShape, difference)
    }
    if let difference = AdapterLayout(auxiliary).difference(
      to: AdapterLayout(update.auxiliary)
    ) {
      throw rejection(.wrongShape, "beside the adapter: \(difference)")
    }
    for layers in [update.adapter, update.auxiliary] {
      for (layer, tensors) in layers.enumerated() {
        for name in tensors.names where tensors[name]?.isFinite == false {
          throw rejection(.nonFinite, "layer \(layer), \(name): a number is NaN or infinite")
        }
      }
    }
    guard update.report.loss.isFinite else {
      throw rejection(.nonFinite, "the training loss is NaN or infinite")
    }
    guard Self.isPlausible(update.report) else {
      throw rejection(.wrongReport, "a count or time of the report is negative or too large")
    }
    let norms = update.report.layerGradientNorms
    guard norms.isEmpty || norms.count == update.adapter.count,
      norms.allSatisfy({ $0 >= 0 && $0.isFinite })
    else {
      throw rejection(
        .wrongReport,
        "expected no gradient norm or one of at least 0 for each of \(update.adapter.count) layers"
      )
    }
  }

  private func difference(to adapter: [NamedTensors]) -> String? {
    var expected = task.trainedAdapter
    let sent = AdapterPair.rank(of: expected)
    if allowsLowerRank, let rank = AdapterPair.rank(of: adapter), let sent, (1...sent) ~= rank {
      expected = AdapterPair.resized(expected, toRank: rank)
    }
    return AdapterLayout(expected).difference(to: AdapterLayout(adapter))
  }

  private static func isPlausible(_ report: TrainingReport) -> Bool {
    let counts = [
      report.exampleCount, report.tokenCount, report.stepCount, report.peakByteCount,
    ]
    return counts.allSatisfy { (0...largestCount).contains($0) }
      && (0...largestOperationCount).contains(report.operationCount)
      && (.zero...longestTime).contains(report.computeTime)
  }
}
