extension Tensor {
  /// Some consecutive rows.
  ///
  /// - Parameter rows: Range along the first axis.
  /// - Returns: A tensor as many rows high.
  /// - Precondition: There are at least two axes, and the rows lie inside.
  package func rows(_ rows: Range<Int>) -> Tensor {
    precondition(shape.count >= 2, "a tensor of shape \(shape) has no rows")
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= shape[0],
      "rows \(rows) are not all among those of \(shape)"
    )
    let length = shape.dropFirst().reduce(1, *)
    let numbers = elements[rows.lowerBound * length..<rows.upperBound * length]
    return Tensor(shape: [rows.count] + shape.dropFirst(), elements: Array(numbers))
  }
}
