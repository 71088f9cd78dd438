import DevFTFormats
public import Foundation

/// The directory of a study: its runs, tables and page.
public struct StudyDirectory: Sendable {
  /// The directory.
  public let url: URL

  /// Names a directory.
  ///
  /// - Parameter path: The directory.
  public init(_ path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

  /// Path of something inside.
  ///
  /// - Parameter name: Path below the directory.
  /// - Returns: The whole path.
  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Path of a run's directory below the study's.
  ///
  /// A run is found by its identity, so that it stays where it is when its cell is renamed.
  ///
  /// - Parameter run: The run.
  /// - Returns: Where it is, or would be.
  public func name(of run: StudyRun) -> String {
    let there = (try? FileManager.default.contentsOfDirectory(atPath: path(Self.runs))) ?? []
    let name = there.sorted().first { $0.hasSuffix("-" + run.shortIdentity) }
    return "\(Self.runs)/\(name ?? run.directoryName)"
  }

  /// The directory of a run.
  ///
  /// - Parameter run: The run.
  /// - Returns: Where it is, or would be.
  public func directory(of run: StudyRun) -> RunDirectory { RunDirectory(path(name(of: run))) }

  /// How far a run has come.
  ///
  /// - Parameter run: The run.
  /// - Returns: What its directory says.
  public func state(of run: StudyRun) -> StudyRunState { StudyRunState(of: directory(of: run)) }

  /// Writes a file that is whole or not there.
  func write(_ text: String, to name: String) throws {
    try AtomicFile.write(Data(text.utf8), to: path(name))
  }

  private static let runs = "runs"
}
