import DevFTEvaluation
import DevFTFormats

/// One question of which a turn is to be judged.
struct JudgeMatch: Sendable {
  var question: BenchQuestion
  /// Turn, 1 or 2.
  var turn: Int
  var answer: BenchAnswer
  /// The answer it is compared with, or `nil` for a grade.
  var other: BenchAnswer?
  var reference: BenchAnswer?

  /// Name of the published prompt.
  var promptName: String {
    let kind = other == nil ? "single" : "pair"
    let version = reference != nil ? "math-v1" : (other == nil ? "v1" : "v2")
    return "\(kind)-\(version)" + (turn == 2 ? "-multi-turn" : "")
  }

  /// What tells this judgement from all others of a file.
  var key: String {
    ([answer.model] + [other?.model].compactMap(\.self) + ["\(question.id)", "\(turn)"])
      .joined(separator: "\t")
  }

  /// What stands in the places of the prompt.
  ///
  /// - Parameter isSwapped: Whether the second model's answer is shown first.
  /// - Returns: Values by name.
  func values(isSwapped: Bool = false) -> [String: String] {
    var values = ["question": question.turns[0]]
    for (index, turn) in question.turns.prefix(turn).enumerated() {
      values["question_\(index + 1)"] = turn
    }
    for (index, turn) in (reference?.turns ?? []).enumerated() {
      values["ref_answer_\(index + 1)"] = turn
    }
    func add(_ answer: BenchAnswer, _ name: String) {
      values[name] = answer.turns[0]
      for (index, turn) in answer.turns.enumerated() { values["\(name)_\(index + 1)"] = turn }
    }
    if let other {
      add(isSwapped ? other : answer, "answer_a")
      add(isSwapped ? answer : other, "answer_b")
    } else {
      add(answer, "answer")
    }
    return values
  }
}
