import DevFTFederation
import DevFTStages
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("A hypernetwork in stages")
struct HyperNetworkStageTests {
  private let method = C2A(MethodSettings(seed: 3))
  /// A network of four layers whose B is not zero.
  private let parameters: [NamedTensors]

  init() {
    let adapter = (0..<4).map { _ in
      NamedTensors([
        "self_attn.q_proj.lora_A.weight": Tensor(shape: [2, 5]),
        "self_attn.q_proj.lora_B.weight": Tensor(shape: [7, 2]),
      ])
    }
    parameters = method.initialState(adapter).global.map { set in
      set.map { name, tensor in
        var tensor = tensor
        tensor.add(fixedTensor(shape: tensor.shape, phase: Double(name.utf8.count)))
        return tensor
      }
    }
  }

  private func adapter(_ parameters: [NamedTensors]) -> [NamedTensors] {
    method.evaluated(in: FederatedState(global: parameters))[0]
  }

  @Test("fusing embeddings is fusing the adapters that they make", arguments: [0.1, 0.5])
  func fusion(beta: Double) throws {
    let groups = try LayerGroups([[0, 2, 3], [1]])
    var fusion = LayerFusion()
    fusion.beta = beta
    let submodel = try StageTransfer.submodelAdapter(
      from: parameters,
      groups: groups,
      fusion: fusion
    )
    #expect(submodel.count == 3 && submodel[2] == parameters[4])
    let expected = try StageTransfer.submodelAdapter(
      from: adapter(parameters),
      groups: groups,
      fusion: fusion
    )
    for (own, other) in zip(adapter(submodel), expected) {
      for name in other.names {
        let (own, other) = (try #require(own[name]), try #require(other[name]))
        #expect(relativeDifference(own, other) < 1e-5, "\(name)")
      }
    }
  }

  @Test(
    "every layer of a group takes the embedding, and with it the adapter, of its representative"
  )
  func transfer() throws {
    let groups = try LayerGroups([[0, 2, 3], [1]])
    let submodel = Array(parameters[..<2]) + [parameters[4]]
    let full = try StageTransfer.fullAdapter(from: submodel, groups: groups)
    #expect(full == [0, 1, 0, 0, 4].map { parameters[$0] })
    let (made, small) = (adapter(full), adapter(submodel))
    for (layer, group) in [0, 1, 0, 0].enumerated() {
      for name in small[group].names {
        let own = try #require(made[layer][name])
        #expect(relativeDifference(own, try #require(small[group][name])) < 1e-6, "\(name)")
      }
    }
  }
}
