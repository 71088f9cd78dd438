import DevFTTensor

/// Versions that decide about results.
public enum ProgramVersion {
  /// Version of devft.
  public static let current = "0.1.0"

  /// Counts the changes after which equal configurations no longer give equal runs.
  ///
  /// That is, changes of what a run computes or writes. A study runs again what another number gave.
  public static let runFormat = 2

  /// Version of the oneDNN library in use.
  public static var oneDNN: String { MatrixLibrary.version }
}
