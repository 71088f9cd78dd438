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
    let merged = try golden.decoder(merging: golden.adapter)
    let difference = relativeDifference(
      logits(merged, golden, [], scale: 1),
      logits(decoder, golden, golden.adapter, scale: golden.scale)
    )
    // Rounding alone: products of some 40 terms through three layers.
    #expect(difference < 2e-5)
  }

  /// Another adapter of the golden one's shapes, of another rank.
  private func other(_ golden: GoldenCase) -> [NamedTensors] {
    golden.adapter.enumerated().map { layer, tensors in
      tensors.map { name, tensor in
        let shape =
          name.contains("lora_A") ? [5, tensor.columnCount] : [tensor.rowCount, 5]
        let ramp = fixedTensor(shape: shape, phase: Double(layer) + 0.3)
        return Tensor(shape: shape, elements: ramp.elements.map { 0.1 * $0 })
      }
    }
  }

  @Test(
    "frozen pairs act as if they were merged, and leave gradients to the others",
    arguments: GoldenCase.names
  )
  func frozen(name: String) throws {
    let golden = try GoldenCase(name)
    let decoder = try decoder(golden, .float32)
    let frozen = other(golden)
    let beside = decoder.lossAndGradient(
      of: golden.batch,
      adapter: decoder.operands(golden.adapter, frozen: frozen, scale: golden.scale)
    )
    let merged = try golden.decoder(merging: frozen)
    let inside = merged.lossAndGradient(
      of: golden.batch,
      adapter: merged.operands(golden.adapter, scale: golden.scale)
    )
    #expect(abs(beside.loss.mean - inside.loss.mean) < 1e-5 * inside.loss.mean)
    let bare = decoder.operands(golden.adapter, scale: golden.scale)
    let without = decoder.loss(of: golden.batch, adapter: bare).mean
    #expect(abs(beside.loss.mean - without) > 1e-4)
    for (layer, expected) in zip(beside.adapterGradient, inside.adapterGradient) {
      #expect(layer.names == expected.names)
      for name in expected.names {
        let (own, other) = (try #require(layer[name]), try #require(expected[name]))
        #expect(relativeDifference(own, other) < 1e-4, "\(name)")
      }
    }
    let alone = decoder.operands(
      golden.adapter.map { _ in NamedTensors() },
      frozen: frozen,
      scale: golden.scale
    )
    let none = decoder.lossAndGradient(of: golden.batch, adapter: alone).adapterGradient
    #expect(none.allSatisfy { $0.names.isEmpty })
  }
}
