import DevFTFormats
import Foundation
import Testing

/// Files made by other programs, and room for files of a test's own.
enum FormatsFixture {
  /// Tests/Golden.
  private static let golden = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Golden")

  /// Path of a file in Tests/Golden/formats.
  static func path(_ name: String) -> String {
    golden.appendingPathComponent("formats/\(name)").path
  }

  /// Path of a file in Tests/Golden/model.
  static func modelPath(_ name: String) -> String {
    golden.appendingPathComponent("model/\(name)").path
  }

  /// Contents of a file in Tests/Golden/formats.
  static func contents(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }

  /// Lends the path of a new directory, removed afterwards.
  static func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("devft-formats-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try body(directory.path)
  }

  /// Lends a copy of a directory of Tests/Golden/formats, removed afterwards.
  static func withCopy<Result>(of name: String, _ body: (String) throws -> Result) throws -> Result
  {
    try withDirectory { directory in
      try FileManager.default.copyItem(atPath: path(name), toPath: "\(directory)/copy")
      return try body("\(directory)/copy")
    }
  }

  /// The `FormatError` that a call must throw.
  static func error(
    _ body: () throws -> some Any,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> FormatError {
    try #require(throws: FormatError.self, sourceLocation: sourceLocation) { _ = try body() }
  }
}
