import DevFTFormats
import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Laws of adapters")
struct AdapterLawTests {
  private func decoder(_ golden: GoldenCase, _ precision: Precision) throws -> Decoder {
    try Decoder(golden.file, precision: precision, maximumLength: 64)
  }

  private func logits(
    _ decoder: Decoder,
    _ golden: GoldenCase,
    _ adapter: [NamedTensors],
    scale: Float
  ) -> Tensor {
    let operands = decoder.operands(adapter, scale: scale)
    return decoder.hiddenStates(of: golden.batch, adapter: operands).logits
  }

  private static let precisions = [Precision.float32, .bfloat16].filter(\.isSupported)

  @Test(
    "loraB = 0 leaves the logits as they are, bit for bit",
    arguments: GoldenCase.names,
    precisions
  )
  func zero(name: String, precision: Precision) throws {
    let golden = try GoldenCase(name)
    let decoder = try decoder(golden, precision)
    let silent = golden.adapter.map { layer in
      layer.map { name, tensor in
        name.contains("lora_B") ? Tensor(shape: tensor.shape) : tensor
      }
    }
    let bare = logits(decoder, golden, [], scale: 1)
    expectSameBits(logits(decoder, golden, silent, scale: golden.scale), bare)
    #expect(logits(decoder, golden, golden.adapter, scale: golden.scale) != bare)
    #expect(logits(decoder, golden, golden.adapter, scale: 0) == bare)
  }

  @Test("half of loraB at twice the scale is the same adapter", arguments: GoldenCase.names)
  func scale(name: String) throws {
    let golden = try GoldenCase(name)
    let decoder = try decoder(golden, .float32)
    let halved = golden.adapter.map { layer in
      layer.map { name, tensor in
        guard name.contains("lora_B") else { return tensor }
        return Tensor(shape: tensor.shape, elements: tensor.elements.map { $0 / 2 })
      }
    }
    // Powers of two change no digit.
    expectSameBits(
      logits(decoder, golden, halved, scale: 2 * golden.scale),
      logits(decoder, golden, golden.adapter, scale: golden.scale)
    )
  }

  @Test("merged into the base it gives the same logits", arguments: GoldenCase.names)
  func merged(name: String) throws {
    let golden = try GoldenCase(name)
    let decoder = try decoder(golden, .float32)
    let layers = try golden.adapter.enumerated().map { index, adapter in
      DecoderLayer(
        merge(adapter, scale: golden.scale, into: try golden.file.layer(index)),
        epsilon: Float(golden.file.architecture.normEpsilon),
        precision: .float32
      )
    }
    let merged = Decoder(ends: decoder.ends, layers: layers)
    let difference = relativeDifference(
      logits(merged, golden, [], scale: 1),
      logits(decoder, golden, golden.adapter, scale: golden.scale)
    )
    // Rounding alone: products of some 40 terms through three layers.
    #expect(difference < 2e-5)
  }

  /// `W + scale · B A`, in double precision.
  private func merge(
    _ adapter: NamedTensors,
    scale: Float,
    into base: NamedTensors
  ) -> NamedTensors {
    var result = base
    for projection in Projection.allCases {
      guard let loraA = adapter[projection.loraAName], let loraB = adapter[projection.loraBName]
      else { continue }
      let name = "\(projection.moduleName).weight"
      guard var weight = result.remove(name) else {
        Issue.record("the base has no \(name)")
        continue
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
      result[name] = weight
    }
    return result
  }
}
