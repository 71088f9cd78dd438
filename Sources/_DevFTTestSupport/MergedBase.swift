import DevFTFormats
public import DevFTModel
public import DevFTTensor

extension GoldenCase {
  /// The model with an adapter merged into its weights, in float32.
  ///
  /// - Parameter adapter: One set a layer.
  /// - Returns: A decoder of `W + scale · B A`, computed in double precision.
  /// - Throws: When a tensor cannot be read.
  public func decoder(merging adapter: [NamedTensors]) throws -> Decoder {
    let layers = try adapter.enumerated().map { index, adapter in
      DecoderLayer(
        try merge(adapter, into: file.layer(index)),
        epsilon: Float(file.architecture.normEpsilon),
        precision: .float32
      )
    }
    let ends = try Decoder(file, precision: .float32, maximumLength: 64).ends
    return Decoder(ends: ends, layers: layers)
  }

  private func merge(_ adapter: NamedTensors, into base: NamedTensors) throws -> NamedTensors {
    var result = base
    for projection in Projection.allCases {
      guard let loraA = adapter[projection.loraAName], let loraB = adapter[projection.loraBName]
      else { continue }
      guard var weight = result.remove(projection.weightName) else {
        preconditionFailure("the base has no \(projection.weightName)")
      }
      let (rank, width) = (loraA.shape[0], loraA.shape[1])
      for row in 0..<loraB.shape[0] {
        for column in 0..<width {
          let sum = (0..<rank).reduce(0.0) { sum, index in
            let factor = Double(loraB.elements[row * rank + index])
            return sum + factor * Double(loraA.elements[index * width + column])
          }
          weight.elements[row * width + column] += Float(Double(scale) * sum)
        }
      }
      result[projection.weightName] = weight
    }
    return result
  }
}
