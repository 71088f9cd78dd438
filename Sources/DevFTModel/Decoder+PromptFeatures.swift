import DevFTTensor

extension Decoder {
  /// What a prompt is about, in a few numbers: the mean of its tokens' embeddings, scaled to length 1.
  ///
  /// - Parameter tokens: Token identifiers, at least one.
  /// - Returns: `D` numbers; zeros where the mean is zero.
  public func promptFeatures(of tokens: [Int32]) -> [Float] {
    let rows = ends.embed(tokens)
    var sum = Array(repeating: 0.0, count: rows.columnCount)
    for row in 0..<rows.rowCount {
      for column in sum.indices { sum[column] += Double(rows.elements[row * sum.count + column]) }
    }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { Float(length == 0 ? 0 : $0 / length) }
  }
}
