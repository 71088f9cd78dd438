import Foundation

/// Lines about what happens, on standard error with the time of day.
enum Notice {
  /// Shows a line.
  static func show(_ text: String) {
    let time = Date().formatted(.iso8601.time(includingFractionalSeconds: false))
    FileHandle.standardError.write(Data("\(time) \(text)\n".utf8))
  }
}
