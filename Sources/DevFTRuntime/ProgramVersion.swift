import DevFTTensor

/// Versions that decide about results.
public enum ProgramVersion {
  /// Version of devft.
  public static let current = "0.1.0"

  /// Version of the oneDNN library in use.
  public static var oneDNN: String { MatrixLibrary.version }
}
