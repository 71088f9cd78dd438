public import DevFTTensor

extension LayerFusion {
  /// Builds one parameter of a representative layer.
  ///
  /// Members are added in float64, the anchor first. A group of one layer gives that layer's tensor
  /// bit for bit.
  ///
  /// - Parameters:
  ///   - group: The members, ascending; the first one is the anchor.
  ///   - source: The layers.
  ///   - name: Name of the parameter.
  /// - Returns: A tensor of the shape that the parameter has in every member.
  /// - Throws: `StagesError` with code `layersDiffer` when shapes differ, and what the source throws.
  /// - Complexity: The tensor in memory, and `2¹⁷` numbers of each kind for each thread.
  public func fuse(group: [Int], source: some LayerSource, name: String) throws -> Tensor {
    let fused = try FusedParameter(name, group: group, fusion: self, source: source)
    return try fused.rows(0..<fused.parameter.rowCount)
  }

  /// Builds some rows of a matrix of a representative layer, bit for bit those of the whole matrix.
  ///
  /// - Parameters:
  ///   - group: The members, ascending; the first one is the anchor.
  ///   - source: The layers.
  ///   - name: Name of the parameter.
  ///   - rows: Range along the first axis, inside the matrix.
  /// - Returns: A matrix as many rows high.
  /// - Throws: `StagesError` with code `layersDiffer` when shapes differ, and what the source throws.
  public func fuse(
    group: [Int],
    source: some LayerSource,
    name: String,
    rows: Range<Int>
  ) throws -> Tensor {
    try FusedParameter(name, group: group, fusion: self, source: source).rows(rows)
  }

  /// Builds one parameter of a representative layer in ranges of rows.
  ///
  /// ```swift
  /// try fusion.fuse(group: [0, 1], source: source, name: name, rowsPerPart: 256) { rows, part in
  ///   matrix.setRows(rows, to: part)
  /// }
  /// ```
  /// The parts are those of the whole tensor, bit for bit, whatever their size.
  ///
  /// - Parameters:
  ///   - group: The members, ascending; the first one is the anchor.
  ///   - source: The layers.
  ///   - name: Name of the parameter.
  ///   - rowsPerPart: Rows of a matrix that are built at a time, at least 1. A vector comes whole.
  ///   - body: Called with each part and its range along the first axis, from the first to the last.
  /// - Throws: `StagesError` with code `layersDiffer` when shapes differ, and what the source and
  ///   `body` throw.
  /// - Complexity: One part in memory, and `2¹⁷` numbers of each kind for each thread. Matrices of
  ///   `dblf-rescaled` are read twice, the first time for their norms.
  public func fuse(
    group: [Int],
    source: some LayerSource,
    name: String,
    rowsPerPart: Int,
    _ body: (_ rows: Range<Int>, _ part: Tensor) throws -> Void
  ) throws {
    precondition(rowsPerPart >= 1, "\(rowsPerPart) rows of a part, expected at least 1")
    let fused = try FusedParameter(name, group: group, fusion: self, source: source)
    for rows in fused.parameter.ranges(rowsPerRange: rowsPerPart) {
      try body(rows, fused.rows(rows))
    }
  }

  /// Builds a representative layer with all its parameters.
  ///
  /// - Parameters:
  ///   - group: The members, ascending; the first one is the anchor.
  ///   - source: The layers.
  /// - Returns: One layer of the submodel, by the names of the source.
  /// - Throws: As `fuse(group:source:name:)`.
  public func representative(of group: [Int], source: some LayerSource) throws -> NamedTensors {
    var layer = NamedTensors()
    for name in source.parameterNames {
      layer[name] = try fuse(group: group, source: source, name: name)
    }
    return layer
  }
}
