import Foundation

/// Files in the address space, read page by page when touched.
enum MappedFile {
  /// Maps a whole file, read-only.
  ///
  /// The pages stay mapped as long as a copy of the result lives. The mapping is private, so what
  /// is written to the same file later may or may not show; a file that another program *shortens*
  /// meanwhile ends this one. Replace such files by renaming, as `AtomicFile` does.
  ///
  /// - Parameter path: A regular file; a pipe or a directory is refused.
  /// - Returns: The bytes.
  /// - Throws: `FormatError` with code `missing` or `unreadable`.
  static func contents(of path: String) throws(FormatError) -> Data {
    // Without O_NONBLOCK a pipe that has no writer would block here for ever.
    // SAFETY: The path becomes a terminated string for the time of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw FormatError(errno == ENOENT ? .missing : .unreadable, path: path, systemReason())
    }
    defer { close(descriptor) }
    var status = stat()
    // SAFETY: `status` outlives the call, which writes nothing else.
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw FormatError(.unreadable, path: path, systemReason())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FormatError(.unreadable, path: path, "expected a file, found a directory or device")
    }
    return try map(descriptor, byteCount: Int(status.st_size), path: path)
  }

  private static func map(
    _ descriptor: Int32,
    byteCount: Int,
    path: String
  ) throws(FormatError) -> Data {
    guard byteCount > 0 else { return Data() }
    // SAFETY: A new mapping at an address of the system's choice; it overlaps nothing.
    let base = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let base = unsafe base, unsafe base != MAP_FAILED else {
      throw FormatError(.unreadable, path: path, systemReason())
    }
    // SAFETY: The mapping is `byteCount` long and is undone once, when the last copy goes.
    return unsafe Data(
      bytesNoCopy: base,
      count: byteCount,
      deallocator: .custom { base, count in unsafe munmap(base, count) }
    )
  }

  /// What the system said about the call that has just failed.
  private static func systemReason() -> String {
    // SAFETY: `strerror` returns a terminated string that is copied at once.
    unsafe String(cString: strerror(errno))
  }
}
