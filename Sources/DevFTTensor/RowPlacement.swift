/// Rows that are copied to one or several places of a larger tensor.
package struct RowPlacement: Sendable {
  /// Rows of the source.
  package var rows: Range<Int>
  /// Target rows where the first of them comes to stand, one for each copy.
  package var targets: [Int]

  /// Describes copies.
  ///
  /// - Parameters:
  ///   - rows: Rows of the source.
  ///   - targets: Target rows where the first of them comes to stand, one for each copy.
  package init(_ rows: Range<Int>, to targets: [Int]) {
    self.rows = rows
    self.targets = targets
  }
}

extension Tensor {
  /// Overwrites rows with neighbouring columns of another tensor's rows, in parallel.
  ///
  /// - Parameters:
  ///   - source: The other tensor, `[M, columns of any number]`.
  ///   - columns: As many of its columns as this tensor has.
  ///   - placements: What goes where; no row of this tensor is named twice.
  /// - Precondition: All rows and columns lie inside the tensors.
  package mutating func place(
    _ source: Tensor,
    columns: Range<Int>,
    _ placements: [RowPlacement]
  ) {
    let (width, stride, rowCount) = (columnCount, source.columnCount, rowCount)
    precondition(columns.count == width, "columns \(columns) into \(shape)")
    precondition(columns.upperBound <= stride, "columns \(columns) of \(source.shape)")
    let copies = placements.flatMap { placement in placement.targets.map { (placement.rows, $0) } }
    for (rows, target) in copies {
      precondition(
        rows.upperBound <= source.rowCount && target >= 0 && target + rows.count <= rowCount,
        "rows \(rows) of \(source.shape) to row \(target) of \(shape)"
      )
    }
    guard count > 0, source.count > 0 else { return }
    unsafe withMutablePointer { output in
      unsafe withPointers(to: [source]) { inputs in
        parallelFor(copies.count) { index in
          let (rows, target) = copies[index]
          for (offset, row) in rows.enumerated() {
            // SAFETY: checked to lie inside both tensors; no two copies share a target row.
            unsafe (output + (target + offset) * width).update(
              from: inputs[0] + row * stride + columns.lowerBound,
              count: width
            )
          }
        }
      }
    }
  }
}
