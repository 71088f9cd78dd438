import CLAPACKE

/// Layers as points: one row a layer, one column an eigenvector of the Laplacian.
package struct SpectralEmbedding {
  /// The smallest eigenvalues, ascending.
  package let eigenvalues: [Double]
  /// The points, `[L, dimension]`.
  package private(set) var rows: [[Double]]

  /// Takes points as they are.
  package init(rows: [[Double]], eigenvalues: [Double] = []) {
    self.rows = rows
    self.eigenvalues = eigenvalues
  }

  /// Embeds layers by the eigenvectors of the smallest eigenvalues.
  ///
  /// An eigenvector's sign is arbitrary; here its largest component is positive, so that what is
  /// written down does not depend on the solver. Distances between rows do not depend on signs.
  ///
  /// - Parameters:
  ///   - laplacian: `[L, L]`.
  ///   - dimension: Number of eigenvectors, in `1 ... L`.
  ///   - rowNormalised: Whether each row is scaled to length 1 (rows of zeros stay).
  /// - Throws: `StagesError` with code `eigenvectorsNotFound`.
  /// - SeeAlso: von Luxburg, 2007, <https://arxiv.org/abs/0711.0189>.
  package init(_ laplacian: Laplacian, dimension: Int, rowNormalised: Bool) throws(StagesError) {
    let count = laplacian.layerCount
    precondition((1...count).contains(dimension), "dimension \(dimension), \(count) layers")
    let solution = try Self.solve(laplacian)
    eigenvalues = Array(solution.values.prefix(dimension))
    rows = Array(repeating: Array(repeating: 0, count: dimension), count: count)
    for column in 0..<dimension {
      let vector = solution.vectors[column * count..<(column + 1) * count]
      let sign = Self.sign(vector)
      for (layer, component) in vector.enumerated() { rows[layer][column] = sign * component }
    }
    if rowNormalised { rows = rows.map(Self.normalised) }
  }

  /// The middle of some layers' points.
  package func centroid(_ layers: [Int]) -> [Double] {
    var sum = Array(repeating: 0.0, count: rows.first?.count ?? 0)
    for layer in layers { for column in sum.indices { sum[column] += rows[layer][column] } }
    return sum.map { $0 / Double(layers.count) }
  }

  /// The squared distance of a layer from a point.
  package func squaredDistance(_ layer: Int, to point: [Double]) -> Double {
    let row = rows[layer]
    var sum = 0.0
    for column in row.indices {
      let difference = row[column] - point[column]
      sum += difference * difference
    }
    return sum
  }

  /// Sum of the squared distances of some layers from their centroid.
  package func cost(_ layers: [Int]) -> Double {
    let middle = centroid(layers)
    return layers.reduce(0) { $0 + squaredDistance($1, to: middle) }
  }

  /// All eigenvalues, ascending, and the eigenvectors, one after another.
  private static func solve(
    _ laplacian: Laplacian
  ) throws(StagesError) -> (values: [Double], vectors: [Double]) {
    var vectors = laplacian.values
    var values = Array(repeating: 0.0, count: laplacian.layerCount)
    let order = Int32(laplacian.layerCount)
    let wantVectors = CChar(UInt8(ascii: "V"))
    let upperTriangle = CChar(UInt8(ascii: "U"))
    // SAFETY: `vectors` holds order × order numbers and `values` order, as dsyevd asks for.
    let info = unsafe LAPACKE_dsyevd(
      LAPACK_COL_MAJOR,
      wantVectors,
      upperTriangle,
      order,
      &vectors,
      order,
      &values
    )
    guard info == 0 else {
      let came = "LAPACK's dsyevd ended with \(info)"
      throw StagesError(.eigenvectorsNotFound, "eigenvectors of \(order) layers: \(came)")
    }
    return (values, vectors)
  }

  /// The sign that makes the largest component positive; of equally large ones the first counts.
  private static func sign(_ vector: ArraySlice<Double>) -> Double {
    var largest = 0.0
    for component in vector where abs(component) > abs(largest) * (1 + 1e-9) {
      largest = component
    }
    return largest < 0 ? -1 : 1
  }

  private static func normalised(_ row: [Double]) -> [Double] {
    let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length == 0 ? row : row.map { $0 / length }
  }
}
