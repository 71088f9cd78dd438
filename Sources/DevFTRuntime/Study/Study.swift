/// A comparison of methods or settings: cells × seeds over one base configuration.
///
/// ```swift
/// let study = try Study.load(file: "studies/paper-main.yaml", budget: "tiny")
/// for run in study.runs { print(run.cell, run.seed, run.identity) }
/// ```
public struct Study: Sendable {
  /// The loss that costs are compared at.
  public enum Target: Equatable, Sendable {
    /// One held-out loss for all runs, in nats per target token.
    case loss(Double)
    /// For each seed the loss that this cell's run of the same seed ends at.
    case reference(cell: String)
  }

  /// Name of the study.
  public var name: String
  /// Name of the chosen budget; `nil` when the study has none.
  public var budget: String?
  /// Names of the cells, in the order of the tables.
  public var cells: [String]
  /// Seeds of each cell's runs.
  public var seeds: [UInt64]
  /// The loss that costs are compared at; `nil`: they are not.
  public var target: Target?
  /// What the chosen budget sets.
  public var settings: [StudySetting]
  /// The grid that each cell's settings are chosen from; `nil`: they stand in the file.
  public var tuning: StudyTuning?
  /// The runs, cell by cell and in it seed by seed; before the choice from a grid there are none.
  public var runs: [StudyRun]
}
