import DevFTFederation

@testable import DevFTRuntime

/// Made-up results of a study, with numbers that are easy to check by hand.
enum SampleStudy {
  static let cells = ["FedIT", "DevFT & more"]
  static let seeds: [UInt64] = [1, 2, 3]

  /// A run whose held-out loss goes through the given values, one a round, at one megabyte each way and
  /// ten seconds a round.
  static func result(_ cell: String, seed: UInt64, losses: [Double]) -> StudyResult {
    var result = StudyResult(cell: cell, seed: seed)
    result.points = losses.enumerated().map { round, loss in
      var point = ReportSeries.Point(round: round)
      point.heldOutLoss = loss
      point.traffic = Traffic(loraUp: round * 1_000_000, loraDown: round * 1_000_000)
      point.seconds = Double(round) * 10
      return point
    }
    result.finalLoss = losses.last
    result.bestLoss = losses.min()
    result.traffic = result.points.last?.traffic ?? Traffic()
    result.deviceSeconds = result.points.last?.seconds ?? 0
    result.peakByteCount = 500_000_000
    return result
  }

  static let results = [
    result(cells[0], seed: 1, losses: [4, 3, 2]),
    result(cells[0], seed: 2, losses: [4, 2.5, 3]),
    result(cells[0], seed: 3, losses: [4, 3.5, 4]),
    // Seed 3 never ended.
    result(cells[1], seed: 1, losses: [4, 2, 1.5]),
    result(cells[1], seed: 2, losses: [4, 3.75, 3.5]),
  ]

  static func table(target: Study.Target? = nil) -> StudyTable {
    StudyTable(cells: cells, seeds: seeds, target: target, results: results)
  }
}
