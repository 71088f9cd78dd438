/// What happens while a study runs, for whoever shows it.
public enum StudyEvent: Sendable {
  /// How far a job is, in a line.
  public struct Job: Sendable {
    /// Cell and seed.
    public var name: String
    /// The last line that the run printed; empty before the first.
    public var line: String
  }

  /// A run was there already.
  case found(StudyRun)
  /// A run starts, or goes on from where it was stopped.
  case started(StudyRun, isResumed: Bool)
  /// The jobs under way; comes several times a second.
  case progress([Job], waiting: Int)
  /// A run has ended.
  case ended(StudyRun, StudyRunState)
}
