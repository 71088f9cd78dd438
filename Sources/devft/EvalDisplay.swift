import Foundation

/// How far an evaluation is, on a terminal.
enum EvalDisplay {
  /// Draws one line over itself.
  static func show(_ task: String, _ done: Int, _ count: Int) {
    guard isatty(2) == 1 else { return }
    FileHandle.standardError.write(Data("\r\u{1b}[K\(task) \(done)/\(count)".utf8))
  }

  /// Takes the line away.
  static func clear() {
    guard isatty(2) == 1 else { return }
    FileHandle.standardError.write(Data("\r\u{1b}[K".utf8))
  }
}
