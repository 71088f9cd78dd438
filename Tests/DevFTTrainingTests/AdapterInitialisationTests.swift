import DevFTFormats
import DevFTTensor
import DevFTTraining
import Testing
import _DevFTTestSupport

@Suite("Fresh adapters")
struct AdapterInitialisationTests {
  private let architecture: ModelArchitecture

  init() throws { architecture = try GoldenCase("llama-gqa").file.architecture }

  private func adapter(
    _ targets: [Projection],
    rank: Int = 8,
    layers: Int = 3,
    seed: UInt64 = 1
  ) -> [NamedTensors] {
    makeAdapter(
      LoRAConfiguration(rank: rank, alpha: 16, targets: targets),
      architecture: architecture,
      layerCount: layers,
      seed: seed
    )
  }

  @Test("B is zero, A spreads evenly up to 1/√in, every shape is PEFT's")
  func numbers() throws {
    for layer in adapter(Projection.allCases) {
      #expect(layer.count == 2 * Projection.allCases.count)
      for projection in Projection.allCases {
        let loraA = try #require(layer[projection.loraAName])
        let loraB = try #require(layer[projection.loraBName])
        let width = projection.inputWidth(in: architecture)
        #expect(loraA.shape == [8, width])
        #expect(loraB.shape == [projection.outputWidth(in: architecture), 8])
        #expect(loraB.elements.allSatisfy { $0 == 0 })
        let bound = 1 / Double(width).squareRoot()
        let largest = loraA.elements.map { Double(abs($0)) }.max() ?? 0
        #expect(largest <= bound && largest > 0.95 * bound)
        let variance =
          loraA.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
          / Double(loraA.count)
        // A uniform distribution has a third of its bound's square.
        #expect(abs(variance / (bound * bound) - 1.0 / 3) < 0.08)
        let mean = loraA.elements.reduce(0.0) { $0 + Double($1) } / Double(loraA.count)
        #expect(abs(mean) < 0.15 * bound)
      }
    }
  }

  @Test("each pair has its own numbers, which other targets and layers do not move")
  func streams() throws {
    let full = adapter(Projection.allCases)
    let small = adapter([.q, .v], layers: 2)
    for layer in 0..<2 {
      for projection in [Projection.q, .v] {
        #expect(small[layer][projection.loraAName] == full[layer][projection.loraAName])
      }
    }
    let all = full.flatMap { layer in
      Projection.allCases.compactMap { layer[$0.loraAName]?.elements.prefix(4) }
    }
    #expect(Set(all).count == all.count)
    #expect(adapter([.q]) == adapter([.q]))
    #expect(adapter([.q], seed: 2) != adapter([.q]))
  }
}
