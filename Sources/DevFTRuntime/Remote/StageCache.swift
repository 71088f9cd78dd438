public import Foundation

/// Files of stages that a client without the base model has been sent: by their SHA-256, kept over rounds, runs and
/// restarts.
public struct StageCache: Sendable {
  private let folder: URL

  /// Files that are kept; the oldest go first.
  private static let mostFiles = 4

  /// Opens a cache.
  ///
  /// - Parameter folder: Where the files lie; made when it is not there.
  public init(folder: String) { self.folder = URL(fileURLWithPath: folder) }

  /// Path of a whole file; `nil` when it is not here.
  ///
  /// - Parameter sha256: The file's SHA-256.
  /// - Returns: The path.
  func path(of sha256: String) -> String? {
    let path = url(sha256, "gguf").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// Bytes of a file that are here already, from its start.
  ///
  /// - Parameters:
  ///   - sha256: The file's SHA-256.
  ///   - byteCount: Its length.
  /// - Returns: `byteCount` when it is here as a whole.
  /// - Throws: `RunError` with code `directory` when the digest is none.
  public func storedByteCount(of sha256: String, byteCount: Int) throws -> Int {
    try check(sha256)
    if path(of: sha256) != nil { return byteCount }
    return min(size(of: url(sha256, "part")), byteCount)
  }

  /// Adds bytes to a file; with the last ones it is checked and takes its place.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - offset: Where they belong; bytes that are here already are left out.
  ///   - sha256: The file's SHA-256.
  ///   - byteCount: Its length.
  /// - Throws: `RunError` with code `otherModel` when the whole has another digest, `directory` when the cache
  ///   cannot be written.
  public func append(_ bytes: Data, at offset: Int, of sha256: String, byteCount: Int) throws {
    guard try storedByteCount(of: sha256, byteCount: byteCount) == offset else { return }
    let part = url(sha256, "part")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if !FileManager.default.fileExists(atPath: part.path) {
      _ = FileManager.default.createFile(atPath: part.path, contents: nil)
    }
    guard let handle = FileHandle(forWritingAtPath: part.path) else {
      throw RunError(.directory, "\(part.path): cannot be written")
    }
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: bytes)
    try handle.synchronize()
    guard size(of: part) >= byteCount else { return }
    let found = try FileDigest.sha256(of: part.path)
    guard found == sha256 else {
      try FileManager.default.removeItem(at: part)
      throw RunError(
        .otherModel,
        "the stage's file: expected SHA-256 \(sha256), got \(found); it is asked for again"
      )
    }
    guard rename(part.path, url(sha256, "gguf").path) == 0 else {
      throw RunError(.directory, "\(url(sha256, "gguf").path): cannot be written")
    }
    try dropOldest()
  }

  /// What names a file here must not lead elsewhere.
  private func check(_ sha256: String) throws(RunError) {
    guard sha256.count == 64, sha256.allSatisfy({ $0.isHexDigit && $0.isASCII }) else {
      throw RunError(.directory, "expected a SHA-256 of 64 digits, got \(sha256.prefix(80))")
    }
  }

  private func url(_ sha256: String, _ suffix: String) -> URL {
    folder.appendingPathComponent("\(sha256).\(suffix)")
  }

  private func size(of url: URL) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
    return (attributes?[.size] as? Int) ?? 0
  }

  private func dropOldest() throws {
    let key = URLResourceKey.contentModificationDateKey
    let files = try FileManager.default.contentsOfDirectory(
      at: folder,
      includingPropertiesForKeys: [key]
    ).filter { $0.pathExtension == "gguf" }
    let dated = try files.map { file in
      (try file.resourceValues(forKeys: [key]).contentModificationDate ?? .distantPast, file)
    }
    for (_, file) in dated.sorted(by: { $0.0 > $1.0 }).dropFirst(Self.mostFiles) {
      try FileManager.default.removeItem(at: file)
    }
  }
}
