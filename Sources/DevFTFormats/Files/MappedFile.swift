import Foundation
import Synchronization

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

  /// Lengths of the files that are mapped now, by the address of their first byte.
  private static let byteCounts = Mutex<[UInt: Int]>([:])
  /// Shorter ranges are kept: a call to the system should free at least what one fault brings in.
  private static let leastReleasedByteCount = 1 << 16

  /// Hands pages of a mapped file back to the system, which keeps them in its own cache.
  ///
  /// They no longer count as this process's memory. Reading them again, here or on another thread at
  /// this moment, gives the same bytes at the price of a minor fault. Only whole pages inside the
  /// range are handed back, and none of a short range or of bytes that are no mapped file.
  ///
  /// - Parameters:
  ///   - range: Offsets of bytes that were read.
  ///   - contents: What `contents(of:)` returned, or bytes in memory, which are left alone.
  static func release(_ range: Range<Int>, of contents: Data) {
    guard range.count >= leastReleasedByteCount else { return }
    unsafe contents.withUnsafeBytes { bytes in
      let address = UInt(bitPattern: bytes.baseAddress)
      guard let byteCount = byteCounts.withLock({ $0[address] }) else { return }
      precondition(
        range.lowerBound >= 0 && range.upperBound <= byteCount,
        "bytes \(range) are not all among the \(byteCount) of the file"
      )
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      let first = (range.lowerBound + page - 1) / page * page
      let end = range.upperBound / page * page
      guard first < end, let base = bytes.baseAddress else { return }
      // SAFETY: The pages lie inside a mapping that lives as long as `contents`. It is read-only and
      // of a file, so they come back as they were; memory that is not a file's would be zeroed.
      unsafe madvise(UnsafeMutableRawPointer(mutating: base) + first, end - first, MADV_DONTNEED)
    }
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
    let address = UInt(bitPattern: base)
    byteCounts.withLock { $0[address] = byteCount }
    // SAFETY: The mapping is `byteCount` long and is undone once, when the last copy goes; it leaves
    // the list before its addresses can become another's.
    return unsafe Data(
      bytesNoCopy: base,
      count: byteCount,
      deallocator: .custom { base, count in
        byteCounts.withLock { $0[address] = nil }
        unsafe munmap(base, count)
      }
    )
  }

  /// What the system said about the call that has just failed.
  private static func systemReason() -> String {
    // SAFETY: `strerror` returns a terminated string that is copied at once.
    unsafe String(cString: strerror(errno))
  }
}
