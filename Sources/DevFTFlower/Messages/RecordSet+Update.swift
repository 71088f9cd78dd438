import DevFTFederation
import DevFTTensor

extension RecordSet {
  /// What a client answers.
  ///
  /// - Parameters:
  ///   - update: The update.
  ///   - format: How its numbers travel.
  ///   - start: The adapter that it started from, where differences travel; nothing by default.
  init(_ update: ClientUpdate, _ format: WireFormat, from start: [NamedTensors] = []) {
    settings[RecordName.update] = [
      "version": .integer(RecordName.version),
      "client": .integer(Int64(update.client)),
      "round": .integer(Int64(update.round)),
    ]
    arrays[RecordName.adapter] = AdapterArrays.pack(update.adapter, format, against: start)
    metrics[RecordName.report] = [
      "num-examples": Double(update.report.exampleCount),
      "tokens": Double(update.report.tokenCount),
      "steps": Double(update.report.stepCount),
      "loss": update.report.loss,
      "operations": update.report.operationCount,
      "compute_seconds": update.report.computeTime.inSeconds,
      "peak_bytes": Double(update.report.peakByteCount),
    ]
  }

  /// The update that a client answered with.
  ///
  /// - Parameters:
  ///   - client: The client that was asked: what the answer says of itself is not taken for it.
  ///   - layerCount: Number of layers of the adapter that it was sent.
  ///   - start: That adapter, where differences travel; nothing by default.
  /// - Returns: The update; its numbers are not looked at.
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`.
  func update(
    from client: Int,
    layerCount: Int,
    start: [NamedTensors] = []
  ) throws(FlowerError) -> ClientUpdate {
    let record = try settings(RecordName.update)
    try record.checkVersion()
    let report = metrics[RecordName.report] ?? [:]
    return ClientUpdate(
      client: client,
      round: try record.integer("round", in: 1...1_000_000),
      adapter: try AdapterArrays.unpack(
        arrays[RecordName.adapter] ?? [:],
        layerCount: layerCount,
        against: start
      ),
      report: TrainingReport(
        exampleCount: try report.count("num-examples"),
        tokenCount: try report.count("tokens"),
        stepCount: try report.count("steps"),
        loss: report["loss"] ?? .nan,
        computeTime: .nanoseconds(Int64((report["compute_seconds"].bounded * 1e9).rounded())),
        operationCount: report["operations"] ?? 0,
        peakByteCount: try report.count("peak_bytes")
      )
    )
  }
}

extension [String: Double] {
  /// A count, of 0 where there is none.
  fileprivate func count(_ key: String) throws(FlowerError) -> Int {
    guard let count = Int(exactly: self[key] ?? 0) else {
      throw FlowerError(.malformed, "\(key): expected a whole number, got \(self[key] ?? 0)")
    }
    return count
  }
}

extension Double? {
  /// A number of seconds that a duration in nanoseconds can hold; what is no number is 0.
  fileprivate var bounded: Double {
    guard let self, self.isFinite else { return 0 }
    return Swift.min(Swift.max(self, -1), 1e9)
  }
}
