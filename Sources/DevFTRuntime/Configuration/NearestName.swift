/// The name that a mistyped one most likely means.
enum NearestName {
  /// Searches names by edit distance.
  ///
  /// - Parameters:
  ///   - word: What was written.
  ///   - names: What exists.
  /// - Returns: The nearest name, the first of equals; `nil` when a third or more would change.
  static func find(_ word: String, among names: [String]) -> String? {
    let ranked = names.map { (name: $0, distance: distance(word.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    let allowance = max(1, max(word.count, best.name.count) / 3)
    return best.distance <= allowance ? best.name : nil
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
  ///
  /// - Complexity: The product of the lengths.
  /// - SeeAlso: Damerau, 1964, <https://doi.org/10.1145/363958.363994>.
  static func distance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first.prefix(64)), Array(second.prefix(64)))
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let replaced = last[column] + (first[row] == second[column] ? 0 : 1)
        var cost = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[second.count]
  }
}
