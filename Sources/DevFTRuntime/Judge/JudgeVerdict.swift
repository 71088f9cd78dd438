import Foundation

/// What a judge's text says in the end.
enum JudgeVerdict {
  /// The grade of an answer: `[[7]]`, or else `[7]`; −1 when there is none.
  ///
  /// - Parameter text: The judge's text.
  /// - Returns: The grade.
  static func score(in text: String) -> Double {
    for pattern in [#/\[\[(\d+\.?\d*)\]\]/#, #/\[(\d+\.?\d*)\]/#] {
      if let match = text.firstMatch(of: pattern), let score = Double(match.1) { return score }
    }
    return -1
  }

  /// The better of two answers.
  enum Winner: String {
    case first = "model_1"
    case second = "model_2"
    case tie
    case error

    /// The winner after the answers were shown the other way round.
    var swapped: Winner {
      switch self {
      case .first: .second
      case .second: .first
      case .tie, .error: self
      }
    }
  }

  /// The better answer: `[[A]]`, `[[B]]` or `[[C]]` for a tie.
  ///
  /// - Parameter text: The judge's text.
  /// - Returns: The winner; `error` when there is none.
  static func winner(in text: String) -> Winner {
    if text.contains("[[A]]") { return .first }
    if text.contains("[[B]]") { return .second }
    return text.contains("[[C]]") ? .tie : .error
  }
}
