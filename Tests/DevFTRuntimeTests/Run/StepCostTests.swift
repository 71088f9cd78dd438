import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@testable import DevFTRuntime

@Suite("Cost of steps over some layers")
struct StepCostTests {
  private let architecture: ModelArchitecture
  private let adapter = LoRAConfiguration(rank: 3, alpha: 6, targets: [.q, .v])

  init() throws { architecture = try GoldenCase("llama-gqa").file.architecture }

  private func cost(_ layers: LayerSelection) -> StepCost {
    StepCost(architecture: architecture, layers: layers, adapter: adapter, precision: .float32)
  }

  private func operations(_ cost: StepCost, targetCount: Int = 0) -> Double {
    cost.operations(tokenCount: 10, targetCount: targetCount, squaredLengths: 50)
  }

  private func memory(_ cost: StepCost) -> Int {
    let plan = MemoryPlan(weights: .expanded, recomputation: .never)
    return MemoryEstimate(cost: cost, plan: plan, tokenCount: 4000).byteCount
  }

  @Test("all layers cost what the whole model costs")
  func whole() {
    let all = cost(LayerSelection(layerCount: 3, present: 0..<3))
    let whole = StepCost(
      architecture: architecture,
      capacity: 3,
      adapter: adapter,
      precision: .float32
    )
    #expect(operations(all, targetCount: 7) == operations(whole, targetCount: 7))
    #expect(memory(all) == memory(whole))
    #expect(all.trainedParameterCount == whole.adapterParameterCount)
  }

  @Test(
    "operations are those of the layers that run, with a way back as far as the lowest trained one"
  )
  func operationCount() {
    // Width 36, six heads and two key/value heads of 6, feed-forward 37; adapters on q and v.
    let frozen = 36 * 36 * 2 + 36 * 12 * 2 + 3 * 36 * 37
    let pairs = 3 * (36 + 36) + 3 * (36 + 12)
    let attention = Double(2 * 36 * 5)
    for (present, trained, back) in [
      ([0, 1, 2], [2], 1), ([0, 1, 2], [1], 2), ([0, 2], [0, 2], 2), ([0, 1, 2], [0], 3),
    ] {
      let layers = LayerSelection(layerCount: 3, present: present, trained: trained)
      let (forward, own) = (present.count, trained.count)
      let products = 10 * 2 * ((forward + back) * frozen + (forward + back + own) * pairs)
      let scores = 10 * attention * (Double(forward) + 2.5 * Double(back))
      #expect(operations(cost(layers)) == Double(products) + scores)
    }
  }

  @Test("an encoder has two feed-forward matrices a layer, and classes in place of a vocabulary")
  func encoders() throws {
    // Widths 24 and 21, feed-forward 37; RoBERTa trains the inner map of its head.
    for (name, width, trainsInner) in [("bert", 24, false), ("roberta", 21, true)] {
      let cost = StepCost(
        architecture: try EncoderCase(name).file.architecture,
        capacity: 2,
        adapter: adapter,
        classCount: 5,
        precision: .float32
      )
      let frozen = 4 * width * width + 2 * width * 37
      let pairs = 2 * 3 * 2 * width
      let (inner, output) = (width * width, 5 * width)
      let head = 4 * (inner + output) + 2 * (output + (trainsInner ? inner : 0))
      let products = 10 * 2 * (4 * frozen + 6 * pairs) + 3 * head
      #expect(operations(cost, targetCount: 3) == Double(products) + 7 * Double(2 * width * 50))
      let trained = output + 5 + (trainsInner ? inner + width : 0)
      #expect(cost.trainedParameterCount == 2 * pairs + trained)
    }
  }

  @Test("a frozen prefix needs less memory than all layers, a submodel less still")
  func memoryOrder() {
    let all = memory(cost(LayerSelection(layerCount: 3, present: 0..<3)))
    let top = memory(cost(LayerSelection(layerCount: 3, trained: [2])))
    let one = memory(cost(LayerSelection(layerCount: 3, present: [2])))
    #expect(one < top && top < all)
    // From layer 1 up: one tape less, and the two moments of two layers' adapters.
    let middle = memory(cost(LayerSelection(layerCount: 3, trained: [1])))
    let tape = 4000 * 4 * (2 * 36 + 2 * 36 + 2 * 12 + 2 * 37 + 2 * 3)
    #expect(all - middle == tape + 2 * 2 * 4 * 3 * (36 + 36 + 36 + 12))
  }
}
