import Foundation

/// Keeps a second process from writing the same run directory.
///
/// The lock ends with the process that holds it, however that ends.
final class RunLock: Sendable {
  private let handle: FileHandle

  /// Takes the lock of a directory.
  ///
  /// - Parameter directory: The run directory; it must exist.
  /// - Throws: `RunError` with code `directory` when another process holds it.
  init(_ directory: RunDirectory) throws(RunError) {
    let path = directory.path(".lock")
    let descriptor = open(path, O_CREAT | O_RDWR, 0o644)
    guard descriptor >= 0 else { throw RunError(.directory, "\(path): cannot be written") }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard lockf(descriptor, F_TLOCK, 0) == 0 else {
      throw RunError(.directory, "\(directory.url.path): another process is running this run")
    }
  }

  /// Whether another process runs a directory.
  static func isHeld(in directory: RunDirectory) -> Bool {
    let descriptor = open(directory.path(".lock"), O_RDWR)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return lockf(descriptor, F_TEST, 0) != 0
  }
}
