import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Sequences of a batch do not see each other")
struct BatchLawTests {
  private let golden: GoldenCase
  private let decoder: Decoder
  private let adapter: AdapterOperands

  init() throws {
    golden = try GoldenCase("llama-gqa")
    decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    adapter = decoder.operands(golden.adapter, scale: golden.scale)
  }

  /// Sequences of the given lengths, the second half of each a target.
  private func sequences(_ lengths: [Int]) -> [TokenBatch.Sequence] {
    var stream = RandomStream(seed: 17, purpose: "sequences")
    return lengths.map { length in
      TokenBatch.Sequence(
        tokens: (0..<length).map { _ in Int32(stream.nextIndex(below: 61)) },
        isTarget: (0..<length).map { $0 >= (length + 1) / 2 }
      )
    }
  }

  /// Logits of the real rows of a batch.
  private func logits(_ sequences: [TokenBatch.Sequence]) -> [Float] {
    let logits = decoder.hiddenStates(of: TokenBatch(sequences), adapter: adapter).logits
    let count = sequences.reduce(0) { $0 + $1.tokens.count }
    return Array(logits.elements.prefix(count * logits.columnCount))
  }

  private func expectClose(_ left: [Float], _ right: [Float]) {
    #expect(left.count == right.count)
    let pairs = zip(left, right)
    // Another grouping of rows may add in another order: a few units of the largest logit.
    #expect(pairs.allSatisfy { abs($0 - $1) < 2e-5 * 8 })
  }

  // Sums of lengths on both sides of a multiple of sixteen, where padding rows begin.
  @Test(
    "a batch gives each sequence what it gets alone",
    arguments: [[5, 9], [2, 3, 11], [16, 16], [17], [1, 2, 30], [13, 4, 8, 7, 2, 21]]
  )
  func alone(lengths: [Int]) {
    let sequences = sequences(lengths)
    expectClose(logits(sequences), sequences.flatMap { logits([$0]) })
    expectClose(logits(sequences.reversed()), sequences.reversed().flatMap { logits([$0]) })
  }

  @Test("loss and gradient of a batch are the means over all its targets")
  func means() throws {
    let sequences = sequences([4, 19, 11])
    let whole = decoder.lossAndGradient(of: TokenBatch(sequences), adapter: adapter)
    let parts = sequences.map { decoder.lossAndGradient(of: TokenBatch([$0]), adapter: adapter) }
    let sum = parts.reduce(0) { $0 + $1.loss.sum }
    #expect(abs(whole.loss.sum - sum) < 1e-5 * sum)
    #expect(whole.loss.targetCount == parts.reduce(0) { $0 + $1.loss.targetCount })
    let total = Float(whole.loss.targetCount)
    for (index, layer) in whole.adapterGradient.enumerated() {
      for name in layer.names {
        let gradient = try #require(layer[name])
        var mean = Tensor(shape: gradient.shape)
        for part in parts {
          let share = Float(part.loss.targetCount) / total
          let own = try #require(part.adapterGradient[index][name])
          for position in mean.elements.indices {
            mean.elements[position] += share * own.elements[position]
          }
        }
        #expect(relativeDifference(gradient, mean) < 2e-5, "layer \(index) \(name)")
      }
    }
  }

  @Test("a token changes nothing before it, and something behind it")
  func causality() {
    var sequence = sequences([12])[0]
    let before = logits([sequence])
    sequence.tokens[7] = (sequence.tokens[7] + 1) % 61
    let after = logits([sequence])
    let width = before.count / 12
    expectClose(Array(before.prefix(7 * width)), Array(after.prefix(7 * width)))
    for row in 7..<12 {
      let range = row * width..<(row + 1) * width
      #expect(zip(before[range], after[range]).contains { abs($0 - $1) > 1e-3 })
    }
  }

  @Test("targets choose what counts; they change no logit")
  func targets() {
    let sequence = sequences([10])[0]
    var one = sequence
    var parts = 0.0
    for index in 1..<10 {
      one.isTarget = (0..<10).map { $0 == index }
      #expect(logits([one]) == logits([sequence]))
      if sequence.isTarget[index] {
        parts += decoder.loss(of: TokenBatch([one]), adapter: adapter).sum
      }
    }
    let whole = decoder.loss(of: TokenBatch([sequence]), adapter: adapter).sum
    #expect(abs(whole - parts) < 1e-5 * whole)
    // A first token has nothing to be predicted from.
    one.isTarget = (0..<10).map { $0 == 0 }
    #expect(decoder.loss(of: TokenBatch([one]), adapter: adapter).targetCount == 0)
  }
}
