import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("The bank of merged factors")
struct FactorBankTests {
  private let modules = ["self_attn.q_proj", "self_attn.v_proj"]

  /// Products of all modules of some layers.
  private func products(_ layers: [NamedTensors]) -> [[[Double]]] {
    layers.map { layer in modules.map { product($0, of: layer) } }
  }

  private func expectClose(
    _ own: [NamedTensors],
    _ expected: [[[Double]]],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (layer, others) in zip(products(own), expected) {
      for (numbers, witness) in zip(layer, others) {
        #expect(numbers.count == witness.count, sourceLocation: sourceLocation)
        for (a, b) in zip(numbers, witness) {
          #expect(abs(a - b) < 1e-6, sourceLocation: sourceLocation)
        }
      }
    }
  }

  /// Sums of two layers' products.
  private func sum(_ first: [[Double]], _ second: [[Double]]) -> [[Double]] {
    zip(first, second).map { zip($0, $1).map(+) }
  }

  @Test("a stage folds what its fused layers have, and gives every member what the stage learnt")
  func stages() throws {
    let earlier = fixedAdapter(layerCount: 4, phase: 2)
    let learnt = fixedAdapter(layerCount: 3, phase: 5)
    let groups = [[0, 2], [1], [3]]
    var bank = FactorBank(layers: earlier)
    bank.openStage(groups)
    #expect(bank.layers.map(\.count) == [0, 4, 4] && bank.folded.map(\.count) == [4, 0, 4, 0])
    #expect(bank.layers[1] == earlier[1] && bank.folded[2] == earlier[2])
    expectClose(bank.fullDepth(groups), products(earlier))
    bank.layers = FactorBank.joined(bank.layers, learnt)
    let whole = products(bank.fullDepth(groups))
    let (old, new) = (products(earlier), products(learnt))
    let expected = [0, 1, 0, 2].enumerated().map { sum(old[$0], new[$1]) }
    #expect(whole.count == 4)
    expectClose(bank.fullDepth(groups), expected)
    bank.closeStage(groups)
    expectClose(bank.layers, expected)
    #expect(bank.folded.isEmpty && bank.layers.count == 4)
    // Six ranks pass the full rank of v, 2, and of q, 5: both are multiplied out.
    #expect(bank.layers[0]["self_attn.q_proj.lora_A.weight"]?.shape == [5, 5])
    #expect(bank.layers[0]["self_attn.v_proj.lora_A.weight"]?.shape == [2, 5])
    bank.openStage([[0], [1], [2], [3]])
    #expect(bank.folded.isEmpty)
    expectClose(bank.layers, expected)
  }

  @Test("without merges it is empty in every stage")
  func empty() {
    var bank = FactorBank()
    bank.openStage([[0, 1], [2]])
    bank.closeStage([[0, 1], [2]])
    #expect(bank == FactorBank() && bank.isEmpty && bank.fullDepth([[0, 1], [2]]).isEmpty)
    #expect(FactorBank.joined([], fixedAdapter()) == fixedAdapter())
  }

  @Test("bank and adapter together have one rank and the sum of their products")
  func joined() {
    let (bank, own) = (fixedAdapter(phase: 3), cutLayer(fixedAdapter(phase: 1)))
    let joined = FactorBank.joined(bank, own)
    let expected = zip(products(bank), products(own)).map(sum)
    expectClose(joined, expected)
    for layer in joined {
      for module in modules {
        #expect(layer["\(module).lora_A.weight"]?.rowCount == 6)
        #expect(layer["\(module).lora_B.weight"]?.columnCount == 6)
      }
    }
    // A pair that adds nothing is left out.
    let silent = own.map { layer in
      layer.map { $0.hasSuffix("B.weight") ? Tensor(shape: $1.shape) : $1 }
    }
    #expect(FactorBank.joined(bank, silent) == bank)
  }

  /// The second layer with one rank less.
  private func cutLayer(_ adapter: [NamedTensors]) -> [NamedTensors] {
    [adapter[0], cut([adapter[1]], toRank: 2)[0]]
  }
}
