import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@testable import DevFTFormats

@Suite("An adapter merged into its model")
struct MergedWeightsTests {
  @Test("targets are W + scale B A, everything else is as it was")
  func merges() throws {
    let model = try ExportFixture.model()
    let adapter = try ExportFixture.adapter()
    let merged = try MergedWeights(model, adapter: adapter)
    var changed = 0
    for (name, shape) in model.architecture.orderedTensorShapes {
      let expected = try naive(model.tensor(name), name, adapter)
      let found = try merged.tensor(name)
      #expect(found.shape == shape)
      for (one, other) in zip(found.elements, expected.elements) {
        try #require(abs(one - other) <= 1e-5, "\(name)")
      }
      if try model.tensor(name) != found { changed += 1 }
      guard shape.count == 2 else { continue }
      let rows = 1..<shape[0] - 1
      let part = try merged.rows(rows, of: name)
      #expect(part.shape == [rows.count, shape[1]])
      for (one, other) in zip(part.elements, found.elements.dropFirst(shape[1])) {
        try #require(abs(one - other) <= 1e-6, "rows of \(name)")
      }
    }
    #expect(changed == adapter.layers.count * adapter.configuration.targets.count)
  }

  private func naive(_ weight: Tensor, _ name: String, _ adapter: PEFTAdapter) throws -> Tensor {
    guard let (index, parameter) = ModelTensorName.layer(of: name),
      let projection = adapter.configuration.targets.first(where: { $0.weightName == parameter })
    else { return weight }
    let down = try #require(adapter.layers[index][projection.loraAName])
    let up = try #require(adapter.layers[index][projection.loraBName])
    var result = weight
    let columns = weight.shape[1]
    for row in 0..<weight.shape[0] {
      for column in 0..<columns {
        var sum = 0.0
        for rank in 0..<adapter.configuration.rank {
          sum +=
            Double(up.elements[row * adapter.configuration.rank + rank])
            * Double(down.elements[rank * columns + column])
        }
        result.elements[row * columns + column] += Float(sum * adapter.configuration.scale)
      }
    }
    return result
  }

  @Test("an adapter of another model is refused by the name of its first tensor that does not fit")
  func refusesOthers() throws {
    let other = try openModelFile(at: FormatsFixture.path("llama-hf"))
    let adapter = try ExportFixture.adapter()
    let layers = try FormatsFixture.error { try MergedWeights(other, adapter: adapter) }
    #expect(layers.message.contains("model.layers.2."))
    #expect(layers.message.contains("2 layers"))
    let foreign = try PEFTAdapter(directory: FormatsFixture.path("adapter"))
    let short = try FormatsFixture.error {
      try MergedWeights(ExportFixture.model(), adapter: foreign)
    }
    #expect(short.message.contains("6"))
  }
}
