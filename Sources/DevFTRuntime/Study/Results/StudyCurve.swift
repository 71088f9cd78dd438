/// How a cell's held-out loss falls: means over its runs at each measurement.
struct StudyCurve: Sendable {
  /// All runs of the cell after the same round.
  struct Point: Equatable, Sendable {
    /// Round from 1; 0 is before training.
    var round: Int
    /// Mean of the bytes sent and received so far.
    var bytes: Double
    /// Mean of the device time so far, in seconds.
    var seconds: Double
    /// Mean held-out loss.
    var loss: Double
    /// Lowest and highest held-out loss of the runs.
    var range: ClosedRange<Double>
  }

  /// Name of the cell.
  var cell: String
  /// Measurements that all runs of the cell made, by round.
  var points: [Point]

  /// Takes the means.
  ///
  /// - Parameters:
  ///   - cell: Name of the cell.
  ///   - results: Its finished runs.
  init(cell: String, results: [StudyResult]) {
    self.cell = cell
    let measured = results.flatMap(\.points).filter { $0.heldOutLoss?.isPresentable ?? false }
    points = Dictionary(grouping: measured, by: \.round).compactMap { round, points in
      let losses = points.compactMap(\.heldOutLoss)
      guard losses.count == results.count, let low = losses.min(), let high = losses.max(),
        let loss = Statistic(losses)?.mean,
        let bytes = Statistic(points.map { Double($0.traffic.total) })?.mean,
        let seconds = Statistic(points.map(\.seconds))?.mean
      else { return nil }
      return Point(round: round, bytes: bytes, seconds: seconds, loss: loss, range: low...high)
    }.sorted { $0.round < $1.round }
  }
}
