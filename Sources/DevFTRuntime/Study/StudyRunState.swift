import Foundation

/// How far a run of a study has come.
public enum StudyRunState: Equatable, Sendable {
  /// Nothing of it is there.
  case missing
  /// It was stopped, and can go on.
  case interrupted
  /// It has ended well.
  case finished
  /// It has ended with an error, which is given.
  case failed(String)

  /// Name of the file that keeps a run's error.
  static let failure = "failure.txt"

  /// Reads what a run directory says.
  init(of directory: RunDirectory) {
    func has(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: directory.path(name))
    }
    // The page is what a run writes last.
    if has("eval/final.json"), has("report.html") {
      self = .finished
    } else if let data = FileManager.default.contents(atPath: directory.path(Self.failure)) {
      self = .failed(String(decoding: data, as: UTF8.self))
    } else {
      self = has(RunDirectory.configuration) ? .interrupted : .missing
    }
  }

  /// The state in a word.
  public var word: String {
    switch self {
    case .missing: "missing"
    case .interrupted: "interrupted"
    case .finished: "finished"
    case .failed: "failed"
    }
  }
}
