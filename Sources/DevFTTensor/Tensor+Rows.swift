extension Tensor {
  /// Chosen rows.
  ///
  /// - Parameter indices: Row indices, each in `0 ..< rowCount`.
  /// - Returns: Numbers of shape `[indices.count, columnCount]`.
  public func gatheredRows(_ indices: [Int]) -> Tensor {
    var gathered: [Float] = []
    gathered.reserveCapacity(indices.count * columnCount)
    for index in indices { gathered += elements[range(ofRow: index)] }
    return Tensor(shape: [indices.count, columnCount], elements: gathered)
  }

  /// Neighbouring columns of some rows.
  ///
  /// - Parameters:
  ///   - columns: Columns, inside the tensor.
  ///   - rows: Rows, inside the tensor.
  /// - Returns: Numbers of shape `[rows.count, columns.count]`.
  package func columns(_ columns: Range<Int>, ofRows rows: Range<Int>) -> Tensor {
    var gathered: [Float] = []
    gathered.reserveCapacity(rows.count * columns.count)
    for row in rows {
      let start = row * columnCount
      gathered += elements[start + columns.lowerBound..<start + columns.upperBound]
    }
    return Tensor(shape: [rows.count, columns.count], elements: gathered)
  }

  /// Rows put back to where they were gathered from, zero elsewhere.
  ///
  /// - Parameters:
  ///   - indices: Target row of each row of this tensor; no repeats.
  ///   - rowCount: Rows of the result.
  /// - Returns: Numbers of shape `[rowCount, columnCount]`.
  public func scatteredRows(to indices: [Int], rowCount: Int) -> Tensor {
    precondition(indices.count == self.rowCount, "\(indices.count) places for \(shape)")
    var result = Tensor(shape: [rowCount, columnCount])
    for (row, index) in indices.enumerated() {
      result.elements.replaceSubrange(result.range(ofRow: index), with: elements[range(ofRow: row)])
    }
    return result
  }

  /// Overwrites whole rows.
  ///
  /// - Parameters:
  ///   - first: Index of the first row that is overwritten.
  ///   - rows: The new rows, of the same width.
  package mutating func setRows(from first: Int, to rows: ArraySlice<Float>) {
    let start = first * columnCount
    precondition(
      rows.count % columnCount == 0 && start + rows.count <= count,
      "\(rows.count) numbers at row \(first) of \(shape)"
    )
    elements.replaceSubrange(start..<start + rows.count, with: rows)
  }

  /// The places of a row's numbers.
  package func range(ofRow row: Int) -> Range<Int> {
    row * columnCount..<(row + 1) * columnCount
  }
}
