import DevFTFederation
import DevFTTensor
import Testing

@Suite("Speed of the server step")
struct AggregationSpeedTests {
  /// 30 layers of SmolLM2-135M's q and v at rank 64: 10.8 MB.
  private func adapter(phase: Float) -> [NamedTensors] {
    (0..<30).map { layer in
      func tensor(_ shape: [Int]) -> Tensor {
        let count = shape[0] * shape[1]
        let elements = (0..<count).map { Float($0 % 1013) * 1e-4 + phase + Float(layer) }
        return Tensor(shape: shape, elements: elements)
      }
      return NamedTensors([
        "self_attn.q_proj.lora_A.weight": tensor([64, 576]),
        "self_attn.q_proj.lora_B.weight": tensor([576, 64]),
        "self_attn.v_proj.lora_A.weight": tensor([64, 576]),
        "self_attn.v_proj.lora_B.weight": tensor([192, 64]),
      ])
    }
  }

  /// 20 ms and 0.3 s on two cores; the bounds leave room for a busy machine and a debug build, and
  /// still catch a quadratic loop.
  @Test(
    "10 MB adapters of three clients take milliseconds to average, and less than a second to measure"
  )
  func speed() throws {
    let updates = (0..<3).map { client in
      fixedUpdate(client: client, adapter: adapter(phase: Float(client)))
    }
    let weighted = try WeightedUpdates(updates, weighting: .examples)
    #expect(fastest { _ = weighted.mean() } < .seconds(5))
    #expect(fastest { _ = aggregationErrors(of: weighted) } < .seconds(15))
  }

  private func fastest(_ body: () -> Void) -> Duration {
    let times = (0..<3).map { _ in ContinuousClock().measure(body) }
    return times.min() ?? .zero
  }
}
