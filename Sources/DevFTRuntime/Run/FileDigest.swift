import Crypto
import Foundation

/// SHA-256 of files.
enum FileDigest {
  /// Digest of a file, or of all files of a directory in the order of their names; folders in it,
  /// which hold no part of a model, do not count.
  static func sha256(of path: String) throws -> String {
    let names =
      isDirectory(path) ? try FileManager.default.contentsOfDirectory(atPath: path).sorted() : [""]
    var hash = SHA256()
    for name in names {
      let file = name.isEmpty ? path : path + "/" + name
      guard !isDirectory(file) else { continue }
      guard let handle = FileHandle(forReadingAtPath: file) else { continue }
      defer { try? handle.close() }
      while let part = try handle.read(upToCount: 1 << 22), !part.isEmpty {
        hash.update(data: part)
      }
    }
    return hexadecimal(hash.finalize())
  }

  /// Digest of bytes.
  static func sha256(of data: Data) -> String { hexadecimal(SHA256.hash(data: data)) }

  /// A digest in hexadecimal.
  static func hexadecimal(_ digest: SHA256Digest) -> String {
    digest.map { String(format: "%02x", $0) }.joined()
  }

  private static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }
}
