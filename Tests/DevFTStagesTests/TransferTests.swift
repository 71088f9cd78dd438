import DevFTStages
import DevFTTensor
import Testing
import _DevFTTestSupport

private func adapter(_ index: Int) -> NamedTensors {
  NamedTensors([
    "q_proj.lora_A.weight": fixedTensor(shape: [2, 3], phase: 0.4 + Double(index)),
    "q_proj.lora_B.weight": fixedTensor(shape: [4, 2], phase: 0.8 + Double(index)),
  ])
}

@Suite("Stage transfer")
struct TransferTests {
  @Test("every member takes its representative's adapter, and nothing else is written")
  func everyMember() throws {
    let groups = try LayerGroups([[0, 3, 4], [1], [2, 5]])
    let full = try StageTransfer.fullAdapter(from: (0..<3).map(adapter), groups: groups)
    #expect(full == [0, 1, 2, 0, 0, 2].map(adapter))
  }

  @Test("a submodel's adapter survives the way to the full model and back bit for bit")
  func roundTrip() throws {
    let groups = try LayerGroups([[0, 3, 4], [1], [2, 5]])
    let submodel = (0..<3).map(adapter)
    let full = try StageTransfer.fullAdapter(from: submodel, groups: groups)
    let back = try StageTransfer.submodelAdapter(from: full, groups: groups, fusion: LayerFusion())
    #expect(back == submodel)
  }

  @Test("the submodel's adapter is fused by the formula, or the anchor's")
  func fused() throws {
    let groups = try LayerGroups([[0, 2], [1]])
    let full = [0, 1, 2].map(adapter)
    var fusion = LayerFusion()
    fusion.beta = 0.25
    let submodel = try StageTransfer.submodelAdapter(from: full, groups: groups, fusion: fusion)
    #expect(submodel[1] == full[1])
    for name in submodel[0].names {
      let tensors = try [submodel[0], full[0], full[2]].map { try #require($0[name]).elements }
      for index in tensors[0].indices {
        let expected = 0.75 * tensors[1][index] + 0.25 * tensors[2][index]
        #expect(abs(tensors[0][index] - expected) <= Tolerance.fusedNumber)
      }
    }
    fusion.adapter = .anchor
    let anchors = try StageTransfer.submodelAdapter(from: full, groups: groups, fusion: fusion)
    #expect(anchors == [full[0], full[1]])
  }

  @Test("the last stage moves nothing")
  func lastStage() throws {
    let full = (0..<4).map(adapter)
    let groups = LayerGroups.singletons(layerCount: 4)
    #expect(try StageTransfer.fullAdapter(from: full, groups: groups) == full)
    let submodel = try StageTransfer.submodelAdapter(
      from: full,
      groups: groups,
      fusion: LayerFusion()
    )
    #expect(submodel == full)
  }

  @Test("adapters of another depth are refused")
  func refusals() throws {
    let groups = try LayerGroups([[0, 1], [2]])
    #expect(throws: StagesError.self) {
      try StageTransfer.fullAdapter(from: [adapter(0)], groups: groups)
    }
    #expect(throws: StagesError.self) {
      try StageTransfer.submodelAdapter(
        from: [adapter(0), adapter(1)],
        groups: groups,
        fusion: LayerFusion()
      )
    }
  }

  @Test("a set behind the layers without a pair goes on as it is, and counts as no layer")
  func head() throws {
    let pair = "self_attn.q_proj.lora_A.weight"
    let layers = (0..<4).map { layer in
      NamedTensors([
        pair: Tensor(shape: [1, 2], elements: [Float(layer), 1 + Float(layer * layer)])
      ])
    }
    let head = NamedTensors(["classifier.bias": Tensor(shape: [2], elements: [3, -4])])
    let groups = try LayerGroups([[0, 1], [2, 3]])
    let submodel = try StageTransfer.submodelAdapter(
      from: layers + [head],
      groups: groups,
      fusion: LayerFusion()
    )
    let without = try StageTransfer.submodelAdapter(
      from: layers,
      groups: groups,
      fusion: LayerFusion()
    )
    #expect(submodel == without + [head])
    let full = try StageTransfer.fullAdapter(from: submodel, groups: groups)
    #expect(full == [without[0], without[0], without[1], without[1], head])
    // A fifth layer is no head.
    #expect(throws: StagesError.self) {
      try StageTransfer.submodelAdapter(
        from: layers + [layers[0]],
        groups: groups,
        fusion: LayerFusion()
      )
    }
  }
}
