import Foundation

extension AtomicFile {
  /// Writes a file piece by piece under a temporary name beside it and renames it into place.
  ///
  /// - Parameters:
  ///   - path: The file; replaced when it exists. Its directory must exist.
  ///   - body: Appends the contents.
  /// - Throws: `FormatError` with code `unwritable`, or what `body` throws; nothing temporary is left.
  public static func stream(to path: String, _ body: (OutputFile) throws -> Void) throws {
    let target = URL(fileURLWithPath: path)
    let temporary = target.deletingLastPathComponent()
      .appendingPathComponent(".\(target.lastPathComponent).\(UUID().uuidString)").path
    do {
      try OutputFile.write(temporary, calledInMessages: path, body)
      // SAFETY: Both paths become terminated strings for the time of the call.
      guard unsafe rename(temporary, path) == 0 else {
        throw FormatError(.unwritable, path: path, "cannot be put in place")
      }
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw error
    }
  }
}
