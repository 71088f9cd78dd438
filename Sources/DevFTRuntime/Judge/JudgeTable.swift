import DevFTFormats

/// Grades or wins of judged answers, by turn.
struct JudgeTable {
  private let lines: [JSONValue]

  /// Takes the lines that belong to some matches.
  init(_ lines: [JSONValue], matches: [JudgeMatch]) {
    let wanted = Set(matches.map(\.key))
    self.lines = lines.filter { wanted.contains($0["match"]?.text ?? "") }
  }

  /// The table: of grades their mean, of pairs how often each side won both ways round.
  var table: TextTable {
    lines.contains { $0["score"] != nil } ? grades : wins
  }

  private func turns(_ body: (String, [JSONValue]) -> [String]) -> [[String]] {
    let byTurn = [1, 2].map { turn in lines.filter { $0["turn"]?.integer == turn } }
    let parts = [("1", byTurn[0]), ("2", byTurn[1]), ("all", lines)]
    return parts.filter { !$0.1.isEmpty }.map { body($0.0, $0.1) }
  }

  private var grades: TextTable {
    let rows = turns { turn, lines in
      let scores = lines.compactMap { line -> Double? in
        guard case .number(let spelling)? = line["score"], let score = Double(spelling) else {
          return nil
        }
        return score
      }
      // As FastChat has it: a judgement without a grade does not count.
      let graded = scores.filter { $0 >= 0 }
      let mean = graded.isEmpty ? nil : graded.reduce(0, +) / Double(graded.count)
      return [
        turn, NumberText.fixed(mean, decimals: 2), "\(graded.count)",
        "\(scores.count - graded.count)",
      ]
    }
    return TextTable(head: ["turn", "mean grade", "graded", "without grade"], rows: rows)
  }

  private var wins: TextTable {
    let rows = turns { turn, lines in
      // A win counts when it holds both ways round; all else is a tie.
      let both = lines.map { ($0["g1_winner"]?.text, $0["g2_winner"]?.text) }
      let won = both.count { $0.0 == $0.1 && $0.0 == JudgeVerdict.Winner.first.rawValue }
      let lost = both.count { $0.0 == $0.1 && $0.0 == JudgeVerdict.Winner.second.rawValue }
      return [turn, "\(won)", "\(lost)", "\(lines.count - won - lost)"]
    }
    return TextTable(head: ["turn", "won", "lost", "tied"], rows: rows)
  }
}
