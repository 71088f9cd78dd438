import DevFTFederation

/// What one finished run of a study reached and cost.
struct StudyResult: Sendable {
  /// Name of the cell.
  var cell: String
  /// Seed of the run.
  var seed: UInt64
  /// Held-out loss of the full-depth model at the end.
  var finalLoss: Double?
  /// Lowest held-out loss at any measurement.
  var bestLoss: Double?
  /// Share of the held-out classes that an encoder gets right.
  var accuracy: Double?
  /// Share of held-out requests answered exactly.
  var exactMatch: Double?
  /// What the final model reached on benchmarks, by task.
  var benchmarks: [String: Double] = [:]
  /// Bytes of all rounds by kind.
  var traffic = Traffic()
  /// Training time of all clients, in seconds.
  var deviceSeconds = 0.0
  /// Floating-point operations of that training.
  var operations: Double?
  /// Largest resident size of the process, in bytes.
  var peakByteCount = 0
  /// The state after each round.
  var points: [ReportSeries.Point] = []

  /// The first measurement that is at least as good as a loss.
  func firstPoint(reaching loss: Double) -> ReportSeries.Point? {
    ReportSeries(method: cell, points: points).firstPoint(reaching: loss)
  }
}

extension StudyResult {
  /// Reads what a finished run has left.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - directory: Its directory.
  /// - Throws: `RunError` when a file of the directory is missing or broken.
  init(_ run: StudyRun, directory: RunDirectory) throws {
    let summary = try directory.summary()
    self.init(cell: run.cell, seed: run.seed)
    finalLoss = summary.finalLoss
    bestLoss = summary.bestLoss
    accuracy = summary.finalAccuracy
    exactMatch = summary.exactMatch
    benchmarks = summary.benchmarks ?? [:]
    traffic = summary.bytes
    deviceSeconds = summary.computeSeconds
    operations = summary.operations
    peakByteCount = summary.peakBytes
    points = try RunReport.Run(name: run.cell, directory: directory).points
  }
}
