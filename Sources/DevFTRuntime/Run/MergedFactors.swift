import DevFTFormats
import DevFTTensor

/// What a method has merged into the layers of the full model, as factors beside their weights.
struct MergedFactors {
  /// One set a layer, or nothing.
  let layers: [NamedTensors]
  /// `alpha / rank`.
  let scale: Float

  /// Nothing merged.
  static let none = MergedFactors(layers: [], scale: 0)

  /// Adds `s B A` to rows of a weight.
  ///
  /// - Parameters:
  ///   - tensor: Rows of the weight; accumulated.
  ///   - rows: Which rows, or `nil` for all.
  ///   - name: Name of the weight in its layer.
  ///   - layer: Layer of the full model.
  func add(to tensor: inout Tensor, rows: Range<Int>? = nil, of name: String, layer: Int) {
    guard layer < layers.count,
      let projection = Projection.allCases.first(where: { $0.weightName == name }),
      let loraA = layers[layer][projection.loraAName],
      let loraB = layers[layer][projection.loraBName]
    else { return }
    var scaledA = loraA
    scaledA.scale(by: scale)
    tensor.setProduct(
      Matrix(rows.map { loraB.rows($0) } ?? loraB, precision: .float32),
      Matrix(scaledA, precision: .float32),
      transposingRight: false,
      accumulates: true
    )
  }
}
