import DevFTTensor

/// One parameter of the layers of a model: matrices are read in ranges of rows, vectors whole.
struct LayerParameter {
  let name: String
  let shape: [Int]

  /// Looks up a parameter's shape.
  ///
  /// - Parameters:
  ///   - name: One of the source's names.
  ///   - source: The layers.
  /// - Throws: What the source throws.
  init(_ name: String, of source: some LayerSource) throws {
    self.name = name
    shape = try source.shape(of: name)
  }

  /// What the parameter is.
  var kind: ParameterKind { ParameterKind(name: name, shape: shape) }
  /// Length of the first axis; 1 for a scalar.
  var rowCount: Int { shape.first ?? 1 }
  /// Numbers in a row.
  var rowLength: Int { shape.dropFirst().reduce(1, *) }

  /// Rows in ranges of about as many numbers, at least one row each; all rows of a vector.
  func ranges(ofAbout count: Int, in rows: Range<Int>? = nil) -> [Range<Int>] {
    ranges(rowsPerRange: max(1, (count + rowLength - 1) / max(1, rowLength)), in: rows)
  }

  /// Rows in ranges of equal length, of which the last may be shorter; all rows of a vector.
  func ranges(rowsPerRange: Int, in rows: Range<Int>? = nil) -> [Range<Int>] {
    let rows = rows ?? 0..<rowCount
    guard shape.count > 1 else { return [rows] }
    return stride(from: rows.lowerBound, to: rows.upperBound, by: rowsPerRange).map {
      $0..<min($0 + rowsPerRange, rows.upperBound)
    }
  }

  /// The places of some rows' numbers, counted from the first number of row `start`.
  func places(of rows: Range<Int>, from start: Int) -> Range<Int> {
    (rows.lowerBound - start) * rowLength..<(rows.upperBound - start) * rowLength
  }

  /// Reads some rows in one layer.
  ///
  /// - Parameters:
  ///   - rows: Range along the first axis; all of a vector.
  ///   - layer: The layer.
  ///   - source: The layers.
  /// - Returns: A tensor as many rows high.
  /// - Throws: `StagesError` with code `layersDiffer` when the layer has another shape, and what the
  ///   source throws.
  func read(_ rows: Range<Int>, layer: Int, from source: some LayerSource) throws -> Tensor {
    let isWhole = shape.count < 2 || rows == 0..<rowCount
    let tensor =
      try isWhole
      ? source.parameter(name, layer: layer) : source.rows(rows, of: name, layer: layer)
    let expected = isWhole ? shape : [rows.count] + shape.dropFirst()
    guard tensor.shape == expected else {
      let came = "expected shape \(expected), got \(tensor.shape)"
      throw StagesError(.layersDiffer, "parameter \(name) of layer \(layer): \(came)")
    }
    return tensor
  }
}
