/// The table of a study: one row a cell, over the cell's finished runs.
struct StudyTable: Sendable {
  /// What a cell's runs have come to in one measure.
  struct Value: Equatable, Sendable {
    /// Over the runs that have the number; `nil` when none has.
    var statistic: Statistic?
    /// Runs that have the number.
    var count: Int
    /// Runs that could have it: the finished ones, or of them those with a target.
    var possible: Int
  }

  /// A cell.
  struct Row: Sendable {
    /// Name of the cell.
    var cell: String
    /// Runs that have finished.
    var finished: Int
    /// Runs of the study.
    var runs: Int
    /// The measures.
    var values: [StudyMeasure: Value]
  }

  /// The cells in the order of the study.
  var rows: [Row]
  /// Loss that costs are compared at, by seed.
  var targets: [UInt64: Double]

  /// Takes the statistics.
  ///
  /// - Parameters:
  ///   - cells: Names of the cells.
  ///   - seeds: Seeds of each cell.
  ///   - target: Loss that costs are compared at.
  ///   - results: The finished runs.
  init(cells: [String], seeds: [UInt64], target: Study.Target?, results: [StudyResult]) {
    let targets = Self.targets(target, seeds: seeds, results: results)
    self.targets = targets
    rows = cells.map { cell in
      let own = results.filter { $0.cell == cell }
      let values = StudyMeasure.allCases.map { measure in
        let possible = measure.needsTarget ? own.filter { targets[$0.seed] != nil } : own
        let numbers = possible.compactMap { measure.value(of: $0, target: targets[$0.seed]) }
          .filter(\.isPresentable)
        let value = Value(
          statistic: Statistic(numbers),
          count: numbers.count,
          possible: possible.count
        )
        return (measure, value)
      }
      return Row(
        cell: cell,
        finished: own.count,
        runs: seeds.count,
        values: Dictionary(uniqueKeysWithValues: values)
      )
    }
  }

  /// Measures that some cell has a number or a miss of.
  var measures: [StudyMeasure] {
    StudyMeasure.allCases.filter { measure in
      rows.contains { row in
        guard let value = row.values[measure] else { return false }
        return measure.needsTarget ? value.possible > 0 : value.count > 0
      }
    }
  }

  /// A reference lends each seed the loss of its own run, so that seeds are compared in pairs.
  private static func targets(
    _ target: Study.Target?,
    seeds: [UInt64],
    results: [StudyResult]
  ) -> [UInt64: Double] {
    let pairs = seeds.compactMap { seed -> (UInt64, Double)? in
      switch target {
      case .loss(let loss): return (seed, loss)
      case .reference(let cell):
        let run = results.first { $0.cell == cell && $0.seed == seed }
        return run?.finalLoss.map { (seed, $0) }
      case nil: return nil
      }
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }
}
