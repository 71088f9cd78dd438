import Foundation

/// The lines of a text file, unpacked on the way when the file is gzip.
package enum TextLines {
  private static let chunkSize = 65_536
  /// A line longer than this is refused, lest a hostile file take all memory.
  private static let greatestLineLength = 1 << 26

  /// Calls a closure with each line, without its line break (`\n` or `\r\n`).
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - body: Gets the number of the line, from 1, and its bytes.
  /// - Throws: `FormatError` when the file cannot be read or unpacked; whatever `body` throws.
  package static func forEach(
    in path: String,
    _ body: (Int, ArraySlice<UInt8>) throws -> Void
  ) throws {
    var splitter = LineSplitter(path: path, greatestLength: greatestLineLength)
    try forEachChunk(in: path) { try splitter.append($0, body) }
    try splitter.finish(body)
  }

  /// The unpacked bytes of a file.
  ///
  /// - Parameter path: The file.
  /// - Returns: All bytes.
  /// - Throws: `FormatError` when the file cannot be read or unpacked.
  package static func bytes(of path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachChunk(in: path) { bytes += $0 }
    return bytes
  }

  private static func forEachChunk(
    in path: String,
    _ body: (ArraySlice<UInt8>) throws -> Void
  ) throws {
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    if (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
      throw FormatError(.unreadable, path: path, "expected a file, found a directory")
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw FormatError(
        exists ? .unreadable : .missing,
        path: path,
        exists ? "cannot be opened" : "there is no such file"
      )
    }
    defer { try? file.close() }
    var inflater: GzipInflater?
    var isFirst = true
    while let chunk = try read(file, path) {
      if isFirst, chunk.starts(with: [0x1f, 0x8b]) { inflater = try GzipInflater(path: path) }
      isFirst = false
      if let inflater {
        try inflater.inflate(chunk, body)
      } else {
        try body(chunk[...])
      }
    }
    try inflater?.finish()
  }

  private static func read(_ file: FileHandle, _ path: String) throws(FormatError) -> [UInt8]? {
    do {
      guard let data = try file.read(upToCount: chunkSize), !data.isEmpty else { return nil }
      return Array(data)
    } catch {
      throw FormatError(.unreadable, path: path, "cannot be read: \(error.localizedDescription)")
    }
  }
}

/// Cuts bytes that come in chunks into lines.
private struct LineSplitter {
  let path: String
  let greatestLength: Int
  private var line: [UInt8] = []
  private var number = 1

  init(path: String, greatestLength: Int) {
    self.path = path
    self.greatestLength = greatestLength
  }

  mutating func append(
    _ chunk: ArraySlice<UInt8>,
    _ body: (Int, ArraySlice<UInt8>) throws -> Void
  ) throws {
    var rest = chunk
    while let end = rest.firstIndex(of: 0x0a) {
      line += rest[..<end]
      rest = rest[(end + 1)...]
      try give(body)
    }
    line += rest
    guard line.count <= greatestLength else {
      throw FormatError(
        .malformed,
        path: "\(path):\(number)",
        "expected lines of at most \(greatestLength) bytes"
      )
    }
  }

  mutating func finish(_ body: (Int, ArraySlice<UInt8>) throws -> Void) throws {
    if !line.isEmpty { try give(body) }
  }

  private mutating func give(_ body: (Int, ArraySlice<UInt8>) throws -> Void) throws {
    try body(number, line.last == 0x0d ? line.dropLast() : line[...])
    number += 1
    line.removeAll(keepingCapacity: true)
  }
}
