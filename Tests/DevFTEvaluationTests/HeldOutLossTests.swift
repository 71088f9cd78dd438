import DevFTEvaluation
import DevFTFormats
import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Held-out loss")
struct HeldOutLossTests {
  private let decoder: Decoder
  private let adapter: AdapterOperands
  private let sequences: [TokenBatch.Sequence]

  init() throws {
    let golden = try GoldenCase("llama-gqa")
    decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    adapter = decoder.operands(golden.adapter, scale: golden.scale)
    // More tokens than go through the model at once, in lengths that come out of order.
    var stream = RandomStream(seed: 3, purpose: "sequences")
    sequences = (0..<90).map { index in
      let length = 2 + (index * 29) % 61
      let tokens = (0..<length).map { _ in Int32(stream.nextIndex(below: 61)) }
      let first = 1 + index % (length - 1)
      return TokenBatch.Sequence(tokens: tokens, isTarget: (0..<length).map { $0 >= first })
    }
  }

  @Test("is the sum over the sequences, each by itself, whatever the order")
  func sum() {
    let together = HeldOutLoss.measure(decoder, adapter: adapter, sequences: sequences)
    var alone = BatchLoss(sum: 0, targetCount: 0)
    for sequence in sequences {
      let loss = decoder.loss(of: TokenBatch([sequence]), adapter: adapter)
      alone.sum += loss.sum
      alone.targetCount += loss.targetCount
    }
    #expect(together.targetCount == alone.targetCount)
    #expect(together.targetCount == sequences.reduce(0) { $0 + $1.isTarget.count { $0 } })
    #expect(abs(together.sum - alone.sum) < 1e-6 * alone.sum)
    let reversed = HeldOutLoss.measure(
      decoder,
      adapter: adapter,
      sequences: Array(sequences.reversed())
    )
    #expect(abs(reversed.sum - together.sum) < 1e-6 * together.sum)
  }

  @Test("weighs every target alike: it is not the mean of the sequences' means")
  func weights() {
    let total = HeldOutLoss.measure(decoder, adapter: adapter, sequences: sequences)
    let means = sequences.map { decoder.loss(of: TokenBatch([$0]), adapter: adapter).mean }
    #expect(abs(total.mean - means.reduce(0, +) / Double(means.count)) > 1e-3)
  }

  @Test("reports a growing share that ends at 1")
  func report() {
    var shares: [Double] = []
    _ = HeldOutLoss.measure(decoder, adapter: adapter, sequences: sequences) { shares.append($0) }
    #expect(shares.count > 1)
    #expect(shares == shares.sorted())
    #expect(shares.last == 1)
    let none = HeldOutLoss.measure(decoder, adapter: adapter, sequences: [])
    #expect(none == BatchLoss(sum: 0, targetCount: 0))
    #expect(none.mean == 0)
  }
}
