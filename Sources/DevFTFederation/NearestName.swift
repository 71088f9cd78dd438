/// Finds the known name that a mistyped one most likely meant.
///
/// - Parameters:
///   - text: What was typed.
///   - names: The known names.
/// - Returns: The name with the fewest single-character edits, the first of several; `nil` when
///   there is no name, or none nearer than by replacing more than half of the text.
public func nearestName(to text: String, among names: [String]) -> String? {
  let candidates = names.map { (name: $0, edits: editDistance(text.lowercased(), $0.lowercased())) }
  guard let best = candidates.min(by: { $0.edits < $1.edits }) else { return nil }
  return best.edits <= max(1, max(text.count, best.name.count) / 2) ? best.name : nil
}

/// Number of insertions, deletions and replacements of one character (Levenshtein).
private func editDistance(_ text: String, _ other: String) -> Int {
  let columns = Array(other)
  var previous = Array(0...columns.count)
  for (row, character) in text.enumerated() {
    var current = [row + 1]
    for (column, candidate) in columns.enumerated() {
      let replaced = previous[column] + (character == candidate ? 0 : 1)
      current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[columns.count]
}
