import DevFTStages
import DevFTTensor
import Testing
import _DevFTTestSupport

private func bits(_ tensors: NamedTensors) -> [[UInt32]] {
  tensors.names.map { tensors[$0]?.elements.map(\.bitPattern) ?? [] }
}

private func fusion(_ kind: LayerFusion.Kind, beta: Double = 0.1) -> LayerFusion {
  var fusion = LayerFusion()
  fusion.kind = kind
  fusion.beta = beta
  return fusion
}

@Suite("Layer fusion")
struct FusionTests {
  private let layers = (0..<6).map(smallLayer)

  @Test("representatives agree with NumPy")
  func golden() throws {
    let fixture = try DevFTStagesTests.golden("fusion.json", as: FusionGolden.self)
    let source = try fixture.source()
    for expected in fixture.fusions {
      let fusion = fusion(expected.kind, beta: expected.beta)
      let layer = try fusion.representative(of: fixture.group, source: source)
      #expect(layer.names == fixture.shapes.keys.sorted())
      for name in layer.names {
        let numbers = try #require(layer[name]).elements
        let references = try #require(expected.tensors[name]).map(Float.init)
        #expect(numbers.count == references.count)
        for (number, reference) in zip(numbers, references) {
          let bound = Tolerance.fusedNumber * max(1, abs(reference))
          #expect(abs(number - reference) <= bound, "\(expected.kind) \(name)")
        }
      }
    }
  }

  @Test("the paper's formula on three-element layers is what it is by hand")
  func byHand() throws {
    let source = try vectorLayers([[1, 2, 3], [10, 0, 0], [3, -2, 7]])
    let fused = try fusion(.dblf, beta: 0.25).fuse(group: [0, 2], source: source, name: "a")
    #expect(fused.elements == [1.5, 1, 4])
    let three = try fusion(.dblf, beta: 0.25).fuse(group: [0, 1, 2], source: source, name: "a")
    #expect(three.elements == [3.75, 0.5, 3.25])
  }

  @Test("coefficients add up to 1, those of a sum to the group's size", arguments: 1...40)
  func coefficientSums(size: Int) {
    for kind in LayerFusion.Kind.allCases {
      for isGuarded in [false, true] {
        var fusion = fusion(kind, beta: 0.15)
        fusion.isGuarded = isGuarded
        let weights = fusion.coefficients(groupSize: size)
        let expected = kind == .sum ? Double(size) : 1
        #expect(weights.count == size)
        #expect(abs(weights.reduce(0, +) - expected) < 1e-12)
        if isGuarded, kind == .dblf { #expect(weights[0] >= 1 / Double(size) - 1e-12) }
      }
    }
  }

  @Test("the anchor's weight turns negative from twelve members at 0.1")
  func anchorWeight() {
    let paper = LayerFusion()
    #expect(abs(paper.coefficients(groupSize: 8)[0] - 0.3) < 1e-12)
    #expect(paper.coefficients(groupSize: 11)[0] >= -1e-12)
    #expect(abs(paper.coefficients(groupSize: 12)[0] + 0.1) < 1e-12)
  }

  @Test("a group of one layer gives that layer bit for bit", arguments: LayerFusion.Kind.allCases)
  func singleton(kind: LayerFusion.Kind) throws {
    var layers = layers
    layers[2]["norm.weight"] = Tensor(shape: [3], elements: [-0.0, .leastNonzeroMagnitude, 1e30])
    let source = try LayersInMemory(layers)
    for layer in layers.indices {
      let representative = try fusion(kind).representative(of: [layer], source: source)
      #expect(bits(representative) == bits(layers[layer]))
    }
  }

  @Test("fusing equal layers gives that layer bit for bit", arguments: [2, 3, 7, 12, 27])
  func equalLayers(size: Int) throws {
    let source = try LayersInMemory(Array(repeating: layers[3], count: size))
    for kind in LayerFusion.Kind.allCases where kind != .sum {
      let representative = try fusion(kind).representative(of: Array(0..<size), source: source)
      #expect(bits(representative) == bits(layers[3]), "\(kind)")
    }
  }

  @Test("beta 0 is the anchor and beta 1/m the mean")
  func betaLimits() throws {
    let source = try LayersInMemory(layers)
    let group = [1, 3, 4, 5]
    let anchor = try fusion(.anchor).representative(of: group, source: source)
    #expect(bits(anchor) == bits(layers[1]))
    let zero = try fusion(.dblf, beta: 0).representative(of: group, source: source)
    #expect(bits(zero) == bits(anchor))
    let mean = try fusion(.mean).representative(of: group, source: source)
    let quarter = try fusion(.dblf, beta: 0.25).representative(of: group, source: source)
    #expect(bits(quarter) == bits(mean))
    #expect(bits(mean) != bits(anchor))
  }

  @Test("a guard keeps beta at 1/m in large groups and out of the way in small ones")
  func betaGuard() throws {
    let source = try LayersInMemory(layers)
    var guarded = fusion(.dblf, beta: 0.3)
    guarded.isGuarded = true
    let large = try guarded.representative(of: [0, 1, 2, 3], source: source)
    #expect(large == (try fusion(.mean).representative(of: [0, 1, 2, 3], source: source)))
    let small = try guarded.representative(of: [0, 1], source: source)
    #expect(small == (try fusion(.dblf, beta: 0.3).representative(of: [0, 1], source: source)))
  }

  @Test("norms and adapters can come from the anchor, each by itself")
  func handling() throws {
    let source = try LayersInMemory(layers)
    let group = [2, 4, 5]
    let fused = try LayerFusion().representative(of: group, source: source)
    var options = LayerFusion()
    options.norms = .anchor
    let ownNorm = try options.representative(of: group, source: source)
    options = LayerFusion()
    options.adapter = .anchor
    let ownAdapter = try options.representative(of: group, source: source)
    for name in fused.names {
      #expect(fused[name] != layers[2][name])
      #expect(ownNorm[name] == (name == "norm.weight" ? layers[2][name] : fused[name]))
      #expect(ownAdapter[name] == (name.contains("lora_") ? layers[2][name] : fused[name]))
    }
  }

  @Test("rescaling gives each matrix its anchor's norm, and leaves norm gains and zeros alone")
  func rescaled() throws {
    var layers = layers
    for index in layers.indices {
      layers[index]["proj.lora_B.weight"] = Tensor(shape: [4, 2])
    }
    let source = try LayersInMemory(layers)
    let layer = try fusion(.rescaled).representative(of: [0, 1, 5], source: source)
    let plain = try fusion(.dblf).representative(of: [0, 1, 5], source: source)
    func norm(_ tensor: Tensor?) -> Double {
      (tensor?.elements ?? []).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let name = "proj.weight"
    #expect(abs(norm(layer[name]) - norm(layers[0][name])) < Tolerance.norm)
    #expect(abs(norm(plain[name]) - norm(layers[0][name])) > 0.01)
    #expect(layer["norm.weight"] == plain["norm.weight"])
    #expect(layer["proj.lora_B.weight"] == Tensor(shape: [4, 2]))
  }
}
