extension [[Int32]] {
  /// The tokens that all sequences begin with, at least one short of the shortest.
  ///
  /// None for a single sequence, where nothing is shared. Each sequence keeps a token of its own, from which
  /// its next one is predicted.
  var sharedPrefix: ArraySlice<Int32> {
    guard count > 1, let first else { return [] }
    var length = (map(\.count).min() ?? 1) - 1
    for sequence in dropFirst() {
      length = zip(first.prefix(length), sequence).prefix { $0 == $1 }.count
    }
    return first.prefix(length)
  }
}
