public import Foundation

/// Writes sets of files that belong together.
public enum AtomicDirectory {
  /// Writes files into a directory so that a reader finds all of them from one call or an error.
  ///
  /// Everything is written to a temporary directory beside the target first. A target that does not
  /// exist appears by one rename. Into one that exists the files are renamed one by one, other
  /// files in it stay; its copy of the *last* file is removed first and comes back last, so that a
  /// reader who demands that file never takes a mixture for a set.
  ///
  /// - Parameters:
  ///   - files: Name and contents of each, at least one; the last marks the set as complete.
  ///   - path: The directory; its parent is made when absent.
  /// - Throws: `FormatError` with code `unwritable`; nothing temporary is left.
  public static func write(
    _ files: [(name: String, contents: Data)],
    to path: String
  ) throws(FormatError) {
    precondition(!files.isEmpty, "a set of files holds at least one, not \(files.count)")
    let target = URL(fileURLWithPath: path, isDirectory: true)
    let name = ".\(target.lastPathComponent).\(UUID().uuidString)"
    let temporary = target.deletingLastPathComponent()
      .appendingPathComponent(name, isDirectory: true)
    defer { try? FileManager.default.removeItem(at: temporary) }
    do {
      try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
      for file in files {
        let part = temporary.appendingPathComponent(file.name).path
        try OutputFile.write(part, calledInMessages: path) { try $0.write(file.contents) }
      }
      try move(files.map(\.name), from: temporary, to: target)
    } catch let error as FormatError {
      throw error
    } catch {
      throw AtomicFile.unwritable(path, error)
    }
  }

  private static func move(_ names: [String], from temporary: URL, to target: URL) throws {
    let manager = FileManager.default
    guard manager.fileExists(atPath: target.path) else {
      return try manager.moveItem(at: temporary, to: target)
    }
    if let mark = names.last, manager.fileExists(atPath: target.appendingPathComponent(mark).path) {
      try manager.removeItem(at: target.appendingPathComponent(mark))
    }
    for name in names {
      let destination = target.appendingPathComponent(name)
      if manager.fileExists(atPath: destination.path) { try manager.removeItem(at: destination) }
      try manager.moveItem(at: temporary.appendingPathComponent(name), to: destination)
    }
  }
}
