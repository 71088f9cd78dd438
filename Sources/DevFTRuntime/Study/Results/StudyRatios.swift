/// What the cells of a study cost beside its reference, seed by seed.
struct StudyRatios: Sendable {
  /// What is compared, all of it better when smaller.
  private static let measures: [StudyMeasure] = [
    .secondsToTarget, .bytesToTarget, .deviceSeconds, .operations, .peakMemory,
  ]

  /// Name of the reference.
  let reference: String
  /// A line a cell: its ratios, and its loss less the reference's at equal device time.
  let table: TextTable

  /// Compares runs of the same seed.
  ///
  /// - Parameters:
  ///   - table: The study's table.
  ///   - target: What costs are compared at; only a reference has anything to compare with.
  ///   - results: The finished runs.
  init?(_ table: StudyTable, target: Study.Target?, results: [StudyResult]) {
    guard case .reference(let reference) = target else { return nil }
    let measures = Self.measures
    let rows = table.rows.filter { $0.cell != reference && $0.finished > 0 }.map { row in
      let pairs = results.filter { $0.cell == row.cell }.compactMap { run in
        results.first { $0.cell == reference && $0.seed == run.seed }.map { (run, $0) }
      }
      let ratios = measures.map { measure in
        Self.text(
          pairs.map { own, other in Self.ratio(measure, own, other, table.targets[own.seed]) },
          decimals: 3,
          unit: " ×"
        )
      }
      let losses = pairs.map { own, other in own.loss(lessThat: other) }
      return [row.cell] + ratios + [Self.text(losses, decimals: 4, unit: "", sign: true)]
    }
    guard !rows.isEmpty else { return nil }
    self.reference = reference
    self.table = TextTable(
      head: ["beside \(reference)"] + measures.map(\.title) + ["loss at equal time"],
      rows: rows
    )
  }

  private static func ratio(
    _ measure: StudyMeasure,
    _ own: StudyResult,
    _ other: StudyResult,
    _ target: Double?
  ) -> Double? {
    guard let above = measure.value(of: own, target: target),
      let below = measure.value(of: other, target: target), below > 0
    else { return nil }
    return above / below
  }

  /// Mean and deviation; runs without a number are told of.
  private static func text(
    _ values: [Double?],
    decimals: Int,
    unit: String,
    sign: Bool = false
  ) -> String {
    let numbers = values.compactMap(\.self).filter(\.isPresentable)
    guard let statistic = Statistic(numbers) else { return NumberText.missing }
    let plus = sign && statistic.mean > 0 ? "+" : ""
    let mean = plus + NumberText.fixed(statistic.mean, decimals: decimals)
    let deviation = statistic.deviation.map { " ± " + NumberText.fixed($0, decimals: decimals) }
    let share = numbers.count == values.count ? "" : " (\(numbers.count) of \(values.count))"
    return mean + (deviation ?? "") + unit + share
  }
}

extension StudyResult {
  /// The held-out loss less that of another run, both when the one that ended sooner had ended.
  ///
  /// - Parameter other: A run of the same seed.
  /// - Returns: The difference in nats per target token; negative: better than the other.
  func loss(lessThat other: StudyResult) -> Double? {
    let time = min(deviceSeconds, other.deviceSeconds)
    guard let own = lastLoss(within: time), let theirs = other.lastLoss(within: time) else {
      return nil
    }
    return own - theirs
  }

  /// The last measured held-out loss up to a device time.
  private func lastLoss(within seconds: Double) -> Double? {
    points.last { $0.heldOutLoss != nil && $0.seconds <= seconds }?.heldOutLoss
  }
}
