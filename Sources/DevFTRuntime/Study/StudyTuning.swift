/// The choice of a cell's settings from a grid, by runs of a seed that serves nothing else.
///
/// Each cell runs once at every point of the grid and takes the point whose run ends at the lowest
/// held-out loss, so that methods are compared each at its own best.
public struct StudyTuning: Sendable {
  /// A cell at a point of the grid.
  public struct Trial: Sendable {
    /// Name of the cell.
    public let cell: String
    /// Name of the point.
    public let point: String
    /// The run.
    public let run: StudyRun
    /// Held-out loss that the run has ended at, in nats per target token; `nil` before, and where it
    /// has failed.
    public var loss: Double?
  }

  /// Seed of every trial.
  public var seed: UInt64
  /// Names of the points, in the order of the file.
  public var points: [String]
  /// The trials, cell by cell and in it point by point.
  public var trials: [Trial]

  /// The trial of a cell that ended at the lowest loss, the first of equal ones.
  ///
  /// - Parameter cell: Name of the cell.
  /// - Returns: The trial; `nil` while none has ended.
  public func best(of cell: String) -> Trial? {
    trials.filter { $0.cell == cell && $0.loss != nil }
      .min { ($0.loss ?? .infinity) < ($1.loss ?? .infinity) }
  }
}

extension Study {
  /// The study with the runs of the chosen points.
  ///
  /// - Parameter loss: The held-out loss that a run has ended at; `nil` while there is none.
  /// - Returns: The study; a cell without any finished trial has no runs.
  public func tuned(by loss: (StudyRun) -> Double?) -> Study {
    guard var tuning else { return self }
    for index in tuning.trials.indices {
      tuning.trials[index].loss = loss(tuning.trials[index].run)
    }
    var study = self
    study.tuning = tuning
    let digest = StudyRun.rememberedDigest()
    study.runs = cells.flatMap { cell in
      guard let best = tuning.best(of: cell) else { return [StudyRun]() }
      return seeds.map { seed in
        StudyRun(cell: cell, seed: seed, configuration: best.run.configuration, digest: digest)
      }
    }
    return study
  }

  /// The study with the points that its directory's trials speak for.
  ///
  /// - Parameter directory: The study's directory.
  /// - Returns: The study; without a grid it is as before.
  public func tuned(from directory: StudyDirectory) -> Study {
    tuned { run in
      guard directory.state(of: run) == .finished else { return nil }
      return try? directory.directory(of: run).summary().finalLoss
    }
  }
}
