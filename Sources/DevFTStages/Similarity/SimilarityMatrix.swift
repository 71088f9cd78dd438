import DevFTTensor

/// How alike every two layers of a model are: cosines of their flattened parameters.
///
/// `W_ij = ⟨θ_i, θ_j⟩ / (‖θ_i‖ ‖θ_j‖)`, `[L, L]`, symmetric, in `[-1, 1]`, 1 on the diagonal. A layer
/// of zeros has similarity 0 to every other. Encoded as an array of rows.
///
/// - SeeAlso: DevFT, layer similarity, <https://arxiv.org/abs/2508.00041>.
public struct SimilarityMatrix: Equatable, Sendable {
  /// Number of layers `L`.
  public let layerCount: Int
  /// The cosines, row-major.
  public let values: [Double]

  /// Takes cosines that were computed before.
  ///
  /// - Parameter rows: `L` rows of `L` finite numbers, symmetric.
  /// - Throws: `StagesError` with code `layersDiffer` when the rows make no symmetric square, and
  ///   `nonFinite` when a number is NaN or infinite.
  public init(rows: [[Double]]) throws(StagesError) {
    layerCount = rows.count
    for (index, row) in rows.enumerated() where row.count != rows.count {
      let came = "expected \(rows.count) columns, got \(row.count)"
      throw StagesError(.layersDiffer, "row \(index) of the similarity matrix: \(came)")
    }
    values = rows.flatMap(\.self)
    guard values.allSatisfy(\.isFinite) else {
      throw StagesError(.nonFinite, "expected finite similarities, got NaN or infinity")
    }
    for row in 0..<layerCount {
      for column in 0..<row where abs(self[row, column] - self[column, row]) > 1e-9 {
        let place = "layers \(column) and \(row)"
        throw StagesError(.layersDiffer, "expected a symmetric similarity; it is not at \(place)")
      }
    }
  }

  /// Compares the layers of a model.
  ///
  /// - Parameters:
  ///   - source: The layers.
  ///   - input: Which parameters count; the paper's are all.
  /// - Throws: `StagesError` when layers differ in shape or hold NaN or infinity, and what the
  ///   source throws.
  /// - Complexity: `L² P / 2` multiply-adds for `P` numbers a layer, on all threads; `2¹⁸` numbers
  ///   of each layer in memory.
  public init(of source: some LayerSource, input: SimilarityInput = .all) throws {
    var gram = GramMatrix(layerCount: source.layerCount)
    for name in source.parameterNames {
      let parameter = try LayerParameter(name, of: source)
      guard input.includes(parameter.kind) else { continue }
      for rows in parameter.ranges(ofAbout: Self.numbersAtATime) {
        gram.add(
          try parallelMap(source.layerCount) {
            try parameter.read(rows, layer: $0, from: source)
          }
        )
      }
      try Self.checkFinite(gram, after: name)
    }
    self.init(gram)
  }

  /// Numbers of each layer that are in memory together: 1 MB as float32.
  private static let numbersAtATime = 1 << 18

  /// The cosine of two layers.
  public subscript(first: Int, second: Int) -> Double { values[first * layerCount + second] }

  /// The cosines by row.
  public var rows: [[Double]] {
    (0..<layerCount).map { Array(values[$0 * layerCount..<($0 + 1) * layerCount]) }
  }

  private init(_ gram: GramMatrix) {
    let count = gram.layerCount
    layerCount = count
    let norms = (0..<count).map { gram.values[$0 * count + $0].squareRoot() }
    values = gram.values.indices.map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: count)
      if row == column { return 1 }
      let product = norms[row] * norms[column]
      return product == 0 ? 0 : max(-1, min(1, gram.values[index] / product))
    }
  }

  private static func checkFinite(_ gram: GramMatrix, after name: String) throws {
    let count = gram.layerCount
    for layer in 0..<count where !gram.values[layer * count + layer].isFinite {
      let place = "parameter \(name) of layer \(layer)"
      throw StagesError(.nonFinite, "\(place): expected finite numbers, got NaN or infinity")
    }
  }
}

extension SimilarityMatrix: Codable {
  /// Reads an array of rows.
  ///
  /// - Parameter decoder: Holds the rows.
  /// - Throws: `StagesError` when they make no symmetric square of finite numbers.
  public init(from decoder: any Decoder) throws {
    try self.init(rows: [[Double]](from: decoder))
  }

  /// Writes an array of rows.
  ///
  /// - Parameter encoder: Receives the rows.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws { try rows.encode(to: encoder) }
}
