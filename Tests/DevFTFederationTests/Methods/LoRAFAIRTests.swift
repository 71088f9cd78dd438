import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("LoRA-FAIR")
struct LoRAFAIRTests {
  @Test("corrects B as the dense least squares of an independent witness do")
  func golden() throws {
    let golden = try MethodsGolden.load()
    for (global, expected) in zip(try golden.globals(of: LoRAFAIR()), golden.fair) {
      #expect(relativeDifference(global, adapter(expected)) < 1e-6)
    }
  }

  @Test("equal clients, and one client, need no correction: B to the bit")
  func equal() throws {
    let same = fixedAdapter(phase: 4)
    let updates = [0, 5, 3].map { fixedUpdate(client: $0, adapter: same) }
    let start = FederatedState(global: fixedAdapter())
    for count in 1...3 {
      let weighted = try WeightedUpdates(Array(updates.prefix(count)), weighting: .examples)
      #expect(bits(try LoRAFAIR().combine(weighted, into: start).global) == bits(same))
    }
  }

  @Test("brings the product nearer to the mean of the products, the more the smaller the ridge")
  func nearer() throws {
    let updates = try WeightedUpdates(threeUpdates, weighting: .examples)
    let start = FederatedState(global: fixedAdapter())
    let modules = ["self_attn.q_proj", "self_attn.v_proj"]
    func distance(_ adapter: [NamedTensors]) -> Double {
      var sum = 0.0
      for layer in adapter.indices {
        for module in modules {
          let products = updates.updates.map { product(module, of: $0.adapter[layer]) }
          for (index, own) in product(module, of: adapter[layer]).enumerated() {
            let mean = zip(products, updates.shares).reduce(0) { $0 + $1.0[index] * $1.1 }
            sum += (mean - own) * (mean - own)
          }
        }
      }
      return sum.squareRoot()
    }
    func corrected(_ ridge: Double) throws -> [NamedTensors] {
      var options = MethodOptions()
      options.fairRidge = ridge
      return try LoRAFAIR(MethodSettings(options: options)).combine(updates, into: start).global
    }
    let distances = [
      distance(try corrected(1e-6)), distance(try corrected(1)), distance(updates.mean()),
    ]
    #expect(distances[0] < distances[1] && distances[1] < distances[2])
    #expect(abs(distance(try corrected(1e9)) - distances[2]) < 1e-6 * distances[2])
    let (mean, fair) = (updates.mean(), try corrected(1))
    for name in mean[0].names where name.hasSuffix("lora_A.weight") {
      #expect(mean[0][name] == fair[0][name])
    }
  }
}
