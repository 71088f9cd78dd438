public import Foundation

/// A new file that grows piece by piece; the first failure is thrown.
///
/// Not for use from several threads.
public final class OutputFile {
  private let path: String
  private let descriptor: Int32
  private var isOpen = true

  /// Makes a file.
  ///
  /// - Parameters:
  ///   - path: The file; must not exist.
  ///   - name: What messages call it; the path if `nil`.
  /// - Throws: `FormatError` with code `unwritable`.
  private init(_ path: String, calledInMessages name: String?) throws(FormatError) {
    self.path = name ?? path
    // SAFETY: The path becomes a terminated string for the time of the call.
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      isOpen = false
      throw failure()
    }
  }

  /// Writes a whole file.
  ///
  /// - Parameters:
  ///   - path: The file; must not exist.
  ///   - name: What messages call it; the path by default.
  ///   - body: Appends the contents.
  /// - Throws: `FormatError` with code `unwritable`, or what `body` throws; a part of the file stays.
  static func write(
    _ path: String,
    calledInMessages name: String? = nil,
    _ body: (OutputFile) throws -> Void
  ) throws {
    let file = try OutputFile(path, calledInMessages: name)
    try body(file)
    try file.close()
  }

  /// Gives a whole file its name.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - target: A plain file, which is replaced, or nothing.
  ///   - name: What messages call the target.
  /// - Throws: `FormatError` with code `unwritable`.
  static func rename(
    _ path: String,
    to target: String,
    calledInMessages name: String
  ) throws(FormatError) {
    var status = stat()
    // SAFETY: The paths become terminated strings for the time of the calls.
    if unsafe stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw FormatError(.unwritable, path: name, "cannot be written: it is there and no plain file")
    }
    guard unsafe Foundation.rename(path, target) == 0 else { throw failure(name) }
  }

  deinit {
    if isOpen { _ = Foundation.close(descriptor) }
  }

  /// Appends bytes.
  ///
  /// - Parameter bytes: The bytes; all of them are written.
  /// - Throws: `FormatError` with code `unwritable`, as when the disk is full.
  public func write(_ bytes: some ContiguousBytes) throws {
    try unsafe bytes.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        // SAFETY: The bytes from `start` on lie inside the buffer.
        let count = unsafe Foundation.write(
          descriptor,
          bytes.baseAddress?.advanced(by: start),
          bytes.count - start
        )
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw failure() }
        start += count
      }
    }
  }

  /// Ends the file once the system has stored it: a full disk may show only now.
  ///
  /// - Throws: `FormatError` with code `unwritable`.
  private func close() throws(FormatError) {
    guard fsync(descriptor) == 0 else { throw failure() }
    isOpen = false
    guard Foundation.close(descriptor) == 0 else { throw failure() }
  }

  private func failure() -> FormatError { Self.failure(path) }

  private static func failure(_ path: String) -> FormatError {
    // SAFETY: `strerror` returns a terminated string that is copied at once.
    let reason = unsafe String(cString: strerror(errno))
    return FormatError(.unwritable, path: path, "cannot be written: \(reason)")
  }
}
