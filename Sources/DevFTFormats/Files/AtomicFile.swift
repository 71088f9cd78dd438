public import Foundation

/// Writes files that are whole or not there.
///
/// ```swift
/// try AtomicFile.write(Data("seed: 7\n".utf8), to: "run/config.resolved.yaml")
/// ```
public enum AtomicFile {
  /// Writes bytes under a temporary name beside the file and renames it into place.
  ///
  /// A reader sees the old file or the new one; after a failure the old one and no other.
  ///
  /// - Parameters:
  ///   - data: The contents.
  ///   - path: The file; replaced when it exists. Its directory must exist.
  /// - Throws: `FormatError` with code `unwritable`.
  public static func write(_ data: Data, to path: String) throws(FormatError) {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let name = ".\(target.lastPathComponent).\(UUID().uuidString)"
    let temporary = target.deletingLastPathComponent().appendingPathComponent(name).path
    do {
      // Not `Data.write`, which keeps to itself why the system refused.
      try OutputFile.write(temporary, calledInMessages: path) { try $0.write(data) }
      try OutputFile.rename(temporary, to: target.path, calledInMessages: path)
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw error as? FormatError ?? unwritable(path, error)
    }
  }

  /// The error of a failed write, in one line.
  ///
  /// - Parameters:
  ///   - path: What was to be written.
  ///   - error: What the system said.
  /// - Returns: A `FormatError` with code `unwritable`.
  static func unwritable(_ path: String, _ error: any Error) -> FormatError {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let reason = (cause ?? error as NSError).localizedDescription
    return FormatError(.unwritable, path: path, "cannot be written: \(reason)")
  }
}
