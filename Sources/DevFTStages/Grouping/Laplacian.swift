/// What becomes of negative similarities before layers are grouped.
public enum NegativeHandling: String, StageOption {
  /// They stay: the paper does not speak of them.
  case keep
  /// They become 0, so that the graph's weights are not negative.
  case clip
}

/// What becomes of a layer's similarity to itself before layers are grouped.
public enum DiagonalHandling: String, StageOption {
  /// It stays 1: the paper's formula.
  case keep
  /// It becomes 0: a graph without loops.
  case zero
}

/// The graph Laplacian whose eigenvectors embed the layers.
public enum LaplacianKind: String, StageOption {
  /// `D − W`: the paper's.
  case unnormalised
  /// `I − D^-1/2 W D^-1/2`; a layer without neighbours gets a row of zeros.
  case symmetric
}

/// The Laplacian of a similarity graph, `[L, L]`, row-major and symmetric.
package struct Laplacian {
  package let layerCount: Int
  package let values: [Double]

  /// Builds the Laplacian.
  ///
  /// - Throws: `StagesError` with code `noPositiveDegree` when a layer's similarities sum to less
  ///   than zero and the kind is symmetric.
  package init(
    of similarity: SimilarityMatrix,
    kind: LaplacianKind,
    negative: NegativeHandling,
    diagonal: DiagonalHandling
  ) throws(StagesError) {
    let count = similarity.layerCount
    layerCount = count
    var weights = similarity.values
    if negative == .clip { weights = weights.map { max(0, $0) } }
    if diagonal == .zero { for layer in 0..<count { weights[layer * count + layer] = 0 } }
    let degrees = (0..<count).map { row in
      weights[row * count..<(row + 1) * count].reduce(0, +)
    }
    switch kind {
    case .unnormalised: values = Self.unnormalised(weights, degrees)
    case .symmetric: values = try Self.symmetric(weights, degrees)
    }
  }

  private static func unnormalised(_ weights: [Double], _ degrees: [Double]) -> [Double] {
    var values = weights.map { -$0 }
    for (layer, degree) in degrees.enumerated() { values[layer * degrees.count + layer] += degree }
    return values
  }

  private static func symmetric(
    _ weights: [Double],
    _ degrees: [Double]
  ) throws(StagesError) -> [Double] {
    let count = degrees.count
    for (layer, degree) in degrees.enumerated() where degree < 0 {
      let came = "the similarities of layer \(layer) sum to \(degree)"
      let hint = "set negative to clip, or laplacian to unnormalised"
      throw StagesError(.noPositiveDegree, "expected a sum of at least 0; \(came); \(hint)")
    }
    let scales = degrees.map { $0 == 0 ? 0 : 1 / $0.squareRoot() }
    return weights.indices.map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: count)
      let loop: Double = row == column && degrees[row] != 0 ? 1 : 0
      return loop - weights[index] * scales[row] * scales[column]
    }
  }
}
