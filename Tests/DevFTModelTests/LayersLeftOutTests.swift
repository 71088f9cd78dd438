import DevFTFormats
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@testable import DevFTModel

@Suite("Layers left out, and layers frozen")
struct LayersLeftOutTests {
  /// What `tools/golden/layers.py` computed one loss and its gradients for.
  struct Selection: Decodable, CustomTestStringConvertible {
    let `case`: String
    let present, trained: [Int]
    var testDescription: String { "\(`case`), layers \(present), trained \(trained)" }
  }

  private struct Manifest: Decodable {
    let selections, chains: [Selection]
    let weight: Double
  }

  private static let folder = GoldenCase.directory.deletingLastPathComponent()
    .appendingPathComponent("layers")

  private static let manifest: Manifest? = {
    let path = folder.appendingPathComponent("MANIFEST.json")
    let data = try? Data(contentsOf: path)
    return data.flatMap { try? JSONDecoder().decode(Manifest.self, from: $0) }
  }()

  static let selections = manifest?.selections ?? []
  static let chains = manifest?.chains ?? []

  @Test("give the loss and the gradients that PyTorch gives", arguments: selections.indices)
  func golden(number: Int) throws {
    try expect(Self.selections[number], "\(number)")
  }

  @Test(
    "with a loss behind the adapters above, give the gradients that PyTorch gives",
    arguments: chains.indices
  )
  func chained(number: Int) throws {
    let chain = Self.chains[number]
    let golden = try GoldenCase(chain.case)
    let above = golden.adapter.suffix(from: chain.present.count)
    #expect(!above.isEmpty)
    try expect(
      chain,
      "chain.\(number)",
      through: AdapterChain(
        Array(above),
        scale: golden.scale,
        width: golden.file.architecture.width,
        weight: try #require(Self.manifest).weight
      )
    )
  }

  @Test("a chain without pairs counts the loss once more by its weight")
  func emptyChain() throws {
    let golden = try GoldenCase("mha")
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let plain = decoder.lossAndGradient(of: golden.batch, adapter: operands)
    let more = decoder.lossAndGradient(
      of: golden.batch,
      adapter: operands.followed(by: AdapterChain([], scale: 1, width: 24, weight: 0.5))
    )
    #expect(more.loss == plain.loss)
    var expected = plain.embeddingGradient
    expected.scale(by: 1.5)
    #expect(relativeDifference(more.embeddingGradient, expected) < 1e-5)
  }

  private func expect(
    _ selection: Selection,
    _ name: String,
    through chain: AdapterChain? = nil
  ) throws {
    let golden = try GoldenCase(selection.case)
    let expected = try SafetensorsFile(
      path: Self.folder.appendingPathComponent("expected.safetensors").path
    )
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
      .keeping(selection.present)
    let adapter = selection.present.map { golden.adapter[$0] }
    let trained = Set(
      selection.present.indices.filter { selection.trained.contains(selection.present[$0]) }
    )
    let result = decoder.lossAndGradient(
      of: golden.batch,
      adapter: decoder.operands(adapter, scale: golden.scale).followed(by: chain),
      trained: trained
    )
    let loss = try expected.tensor(named: "\(name).loss").elements[0]
    #expect(abs(result.loss.mean - Double(loss)) < 1e-5)
    for (place, layer) in selection.present.enumerated() {
      let gradients = result.adapterGradient[place]
      #expect(gradients.names == (trained.contains(place) ? golden.adapter[layer].names : []))
      for tensor in gradients.names {
        let gradient = try expected.tensor(named: "\(name).grad.layers.\(layer).\(tensor)")
        #expect(
          relativeDifference(try #require(gradients[tensor]), gradient) < 1e-4,
          "\(layer) \(tensor)"
        )
      }
    }
  }

  @Test("there are selections of every model")
  func cases() {
    #expect(Set(Self.selections.map(\.case)) == Set(GoldenCase.names))
    #expect(Self.selections.contains { $0.present.count < 3 && $0.case == "llama-gqa" })
  }

  @Test(
    "frozen layers change no bit of the loss or of the trained layers' gradients",
    arguments: GoldenCase.names,
    Recomputation.allCases
  )
  func sameBits(name: String, recomputation: Recomputation) throws {
    let golden = try GoldenCase(name)
    for precision in [Precision.float32, .bfloat16] where precision.isSupported {
      let decoder = try Decoder(golden.file, precision: precision, maximumLength: 64)
      let operands = decoder.operands(golden.adapter, scale: golden.scale)
      func result(_ trained: Set<Int>?) -> (
        loss: BatchLoss, adapterGradient: [NamedTensors], embeddingGradient: Tensor
      ) {
        decoder.lossAndGradient(
          of: golden.batch,
          adapter: operands,
          recomputation: recomputation,
          trained: trained
        )
      }
      let full = result(nil)
      let top = decoder.layers.count - 1
      for trained in [[top], [0], [0, top], Array(1...top)] {
        let part = result(Set(trained))
        #expect(part.loss == full.loss)
        for layer in decoder.layers.indices {
          let expected = trained.contains(layer) ? full.adapterGradient[layer] : NamedTensors()
          #expect(part.adapterGradient[layer] == expected)
        }
      }
      expectSameBits(result([0]).embeddingGradient, full.embeddingGradient)
    }
  }

  @Test(
    "layers below the lowest trained one leave nothing on the tape",
    arguments: Recomputation.allCases
  )
  func tapes(recomputation: Recomputation) throws {
    let golden = try GoldenCase("llama-gqa")
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let byteCounts = (0..<3).map { lowest in
      let tapes = decoder.forward(
        of: golden.batch,
        keepingFrom: lowest,
        adapter: operands,
        recomputation: recomputation
      ).tapes
      #expect(tapes.count == 3 - lowest)
      return tapes.reduce(0) { $0 + $1.byteCount }
    }
    #expect(byteCounts[2] > 0)
    #expect(byteCounts == [3 * byteCounts[2], 2 * byteCounts[2], byteCounts[2]])
  }

  /// Where a matrix keeps its numbers.
  private func address(_ matrix: Matrix) -> UnsafeRawPointer? {
    guard case .float32(let numbers) = matrix.storage else { return nil }
    return numbers.withUnsafeBytes(\.baseAddress)
  }

  @Test("the layers kept are those of the whole decoder, not copies")
  func shared() throws {
    let golden = try GoldenCase("llama-gqa")
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let part = decoder.keeping([0, 2])
    for (place, layer) in [0, 2].enumerated() {
      let (kept, whole) = (part.layers[place], decoder.layers[layer])
      #expect(address(kept.feedForward.input.weight) == address(whole.feedForward.input.weight))
      #expect(address(kept.attention.output.weight) == address(whole.attention.output.weight))
    }
    let read = try Decoder(golden.file, ends: decoder.ends, layers: [0, 2])
    let operands = part.operands([golden.adapter[0], golden.adapter[2]], scale: golden.scale)
    #expect(
      part.loss(of: golden.batch, adapter: operands)
        == read.loss(of: golden.batch, adapter: operands)
    )
    #expect(part.byteCount < decoder.byteCount)
    let (first, second) = (
      read.layers[0].attention.input.weight, part.layers[0].attention.input.weight
    )
    #expect(address(first) != address(second))
  }
}
