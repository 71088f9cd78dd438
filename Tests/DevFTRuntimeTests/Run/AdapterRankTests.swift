import DevFTFormats
import DevFTTensor
import Testing

@testable import DevFTRuntime

@Suite("Configuration of an adapter of another rank")
struct AdapterRankTests {
  @Test("has the same scale and all the rest", arguments: [false, true])
  func anotherRank(isRankStabilised: Bool) {
    let configuration = LoRAConfiguration(
      rank: 4,
      alpha: 6,
      targets: [.v, .o],
      dropoutProbability: 0.25,
      baseModelName: "base",
      isRankStabilised: isRankStabilised,
      encoder: .roberta
    )
    var layer = NamedTensors()
    layer[Projection.v.loraAName] = Tensor(shape: [9, 5])
    let found = configuration.ofRank(of: [layer, NamedTensors()])
    #expect(found.rank == 9)
    #expect(abs(found.scale - configuration.scale) < 1e-12)
    let back = LoRAConfiguration(
      rank: 4,
      alpha: 6,
      targets: found.targets,
      dropoutProbability: found.dropoutProbability,
      baseModelName: found.baseModelName,
      isRankStabilised: found.isRankStabilised,
      encoder: found.encoder
    )
    #expect(back == configuration)
    #expect(configuration.ofRank(of: [NamedTensors()]) == configuration)
  }
}
