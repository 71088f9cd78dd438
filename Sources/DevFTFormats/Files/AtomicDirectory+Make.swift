import Foundation

extension AtomicDirectory {
  /// Makes a directory that is complete or not there.
  ///
  /// - Parameters:
  ///   - path: The directory; must not exist. Its parent is made when absent.
  ///   - body: Fills a temporary directory beside it, whose path it is given and which is renamed.
  /// - Throws: `FormatError` with code `unwritable`, or what `body` throws; nothing temporary is left.
  public static func make(at path: String, _ body: (_ temporary: String) throws -> Void) throws {
    let target = URL(fileURLWithPath: path, isDirectory: true)
    let temporary = target.deletingLastPathComponent()
      .appendingPathComponent(".\(target.lastPathComponent).\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: temporary) }
    do {
      try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
      try body(temporary.path)
      try FileManager.default.moveItem(at: temporary, to: target)
    } catch var error as FormatError {
      // The temporary name is nobody's business.
      error.path = error.path?.replacing(temporary.path, with: path)
      throw error
    } catch let error as CocoaError {
      throw AtomicFile.unwritable(path, error)
    }
  }
}
