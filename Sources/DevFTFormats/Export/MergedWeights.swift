public import DevFTTensor

/// A model with an adapter folded into its matrices: `W + scale · B A`.
public struct MergedWeights: ModelWeights {
  private let base: any ModelWeights
  private let scale: Float
  /// Both factors of each changed matrix, by the matrix's name.
  private let factors: [String: (down: Matrix, up: Tensor)]

  /// Joins a model and an adapter.
  ///
  /// - Parameters:
  ///   - base: The model.
  ///   - adapter: An adapter that fits it.
  /// - Throws: `FormatError` that names the first tensor that does not fit, or holds NaN or infinity.
  /// - SeeAlso: Hu et al., 2021, section 4.1, <https://arxiv.org/abs/2106.09685>.
  public init(_ base: any ModelWeights, adapter: PEFTAdapter) throws {
    try adapter.check(fits: base.architecture)
    try adapter.checkFinite()
    var factors: [String: (down: Matrix, up: Tensor)] = [:]
    for (index, layer) in adapter.layers.enumerated() {
      for projection in adapter.configuration.targets {
        guard let down = layer[projection.loraAName], let up = layer[projection.loraBName] else {
          continue
        }
        let name = ModelTensorName.inLayer(index, projection.weightName)
        factors[name] = (Matrix(down, precision: .float32), up)
      }
    }
    self.base = base
    self.factors = factors
    scale = Float(adapter.configuration.scale)
  }

  /// Sizes and constants of the base.
  public var architecture: ModelArchitecture { base.architecture }

  /// Reads a tensor of the merged model.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The tensor, float32.
  /// - Throws: When it is missing or cannot be read.
  public func tensor(_ name: String) throws -> Tensor {
    let tensor = try base.tensor(name)
    guard tensor.shape.count == 2 else { return tensor }
    return merged(tensor, rows: 0..<tensor.rowCount, of: name)
  }

  /// Reads some consecutive rows of a matrix of the merged model.
  ///
  /// - Parameters:
  ///   - rows: Range along the first axis.
  ///   - name: Hugging Face's name.
  /// - Returns: A matrix as many rows high, float32.
  /// - Throws: When it is missing or cannot be read.
  /// - Precondition: The tensor is a matrix, and the rows lie inside.
  public func rows(_ rows: Range<Int>, of name: String) throws -> Tensor {
    merged(try base.rows(rows, of: name), rows: rows, of: name)
  }

  private func merged(_ weight: Tensor, rows: Range<Int>, of name: String) -> Tensor {
    guard let pair = factors[name] else { return weight }
    var up = pair.up.rows(rows)
    for index in up.elements.indices { up.elements[index] *= scale }
    var weight = weight
    weight.setProduct(
      Matrix(up, precision: .float32),
      pair.down,
      transposingRight: false,
      accumulates: true
    )
    return weight
  }
}
